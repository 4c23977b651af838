{{! For programs: no words of people.}}
<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{{#PIECE}}<sitemap><loc>{{LOC}}</loc>{{#CHANGED}}<lastmod>{{LASTMOD}}</lastmod>{{/CHANGED}}</sitemap>
{{/PIECE}}</sitemapindex>
