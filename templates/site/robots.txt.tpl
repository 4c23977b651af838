{{! For programs: no words of people.}}
{{#CLOSED}}User-agent: *
Disallow: /
{{/CLOSED}}{{#OPEN}}User-agent: *
Disallow: /admin
Disallow: /api/
Disallow: /platform
Disallow: /seller
Disallow: /*/cart
Disallow: /cart
Disallow: /*/checkout
Disallow: /checkout
Disallow: /*/account
Disallow: /account
Disallow: /*/compare?
Disallow: /compare?
Disallow: /*after=
Disallow: /*sort=

Sitemap: {{SITEMAP}}
{{/OPEN}}
