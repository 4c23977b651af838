{{%AUTOESCAPE context="HTML"}}
{{! The page around every shop page. Whitespace between elements never matters here; a tag is one line.}}
<!doctype html>
<html lang="{{LANG}}" dir="{{DIR}}" data-theme="{{THEME}}" data-look="{{LOOK}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}}</title>
{{#DESCRIPTION_SET}}<meta name="description" content="{{DESCRIPTION}}">{{/DESCRIPTION_SET}}
<meta name="robots" content="{{ROBOTS}}">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="{{BAR_LIGHT}}">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="{{BAR_DARK}}">
<link rel="stylesheet" href="{{CSS}}">
{{#THEME_CSS_SET}}<link rel="stylesheet" href="{{THEME_CSS}}">{{/THEME_CSS_SET}}
{{#CANONICAL_SET}}<link rel="canonical" href="{{CANONICAL}}"><meta property="og:url" content="{{CANONICAL}}">{{/CANONICAL_SET}}
{{#ALTERNATE}}<link rel="alternate" hreflang="{{HREFLANG}}" href="{{HREF}}">{{/ALTERNATE}}
<meta property="og:type" content="website">
<meta property="og:locale" content="{{LOCALE}}">
<meta property="og:title" content="{{TITLE}}">
{{#DESCRIPTION_SET}}<meta property="og:description" content="{{DESCRIPTION}}">{{/DESCRIPTION_SET}}
<meta property="og:site_name" content="{{TENANT_NAME}}">
{{#IMAGE_SET}}<meta property="og:image" content="{{IMAGE}}">{{/IMAGE_SET}}
<link rel="icon" href="{{FAVICON}}">
<link rel="apple-touch-icon" href="{{TOUCH_ICON}}">
<link rel="manifest" href="{{MANIFEST}}">
<script type="module" src="{{JS}}"></script>
<script src="{{HTMX}}" defer></script>
{{#JSONLD}}<script type="application/ld+json">{{JSON:none}}</script>{{/JSONLD}}
</head>
<body class="page page-{{BODY_CLASS}}">
<a class="skip" href="#main">[[Skip to content]]</a>
<a class="skip" href="#q">[[Skip to search]]</a>
<header class="top">
<div class="wrap top-row">
<a class="brand" href="{{BASE}}/" data-test="home">{{#LOGO}}<img class="brand-logo" src="{{LOGO_SRC}}" alt="{{LOGO_ALT}}" width="{{LOGO_WIDTH}}" height="{{LOGO_HEIGHT}}">{{/LOGO}}{{#LOGO_NONE}}<svg class="icon brand-mark" aria-hidden="true"><use href="{{ICONS}}#store"></use></svg>{{/LOGO_NONE}}{{#BRAND_NAME}}<span class="brand-name" dir="auto">{{TENANT_NAME}}</span>{{/BRAND_NAME}}</a>
<search class="find">
<form action="{{BASE}}/search" method="get" data-suggest="{{BASE}}/search/suggest">
<label class="vh" for="q">[[Search products]]</label>
<input class="find-input" id="q" name="q" type="search" autocomplete="off" enterkeyhint="search" maxlength="200" placeholder="[[Search products]]" value="{{QUERY}}">
<button class="find-go" type="submit"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#search"></use></svg><span class="vh">[[Search]]</span></button>
</form>
</search>
<details class="menu prefs">
<summary data-test="preferences"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#globe"></use></svg><span class="prefs-now"><span class="vh">[[Language, currency and appearance]]: </span><span>{{LOCALE_NAME}}</span><span aria-hidden="true"> · </span><bdi>{{CURRENCY}}</bdi></span><svg class="icon icon-s turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary>
<div class="menu-panel">
{{#LOCALES}}
<nav aria-labelledby="pref-lang">
<p class="menu-title" id="pref-lang">[[Language]]</p>
<ul class="menu-list">
{{#LOCALE_ITEM}}<li><a class="menu-item" href="{{HREF}}" lang="{{TAG}}" hreflang="{{TAG}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}><span>{{NAME}}</span><svg class="icon icon-s tick" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg></a></li>{{/LOCALE_ITEM}}
</ul>
</nav>
{{/LOCALES}}
{{#CURRENCIES}}
<form action="{{BASE}}/preferences" method="post" aria-labelledby="pref-money">
{{CSRF_FIELD:none}}<input type="hidden" name="next" value="{{HERE}}">
<p class="menu-title" id="pref-money">[[Currency]]</p>
<ul class="menu-list">
{{#CURRENCY_ITEM}}<li><button class="menu-item" type="submit" name="currency" value="{{CODE}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}><span>{{NAME}}</span><svg class="icon icon-s tick" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg></button></li>{{/CURRENCY_ITEM}}
</ul>
</form>
{{/CURRENCIES}}
<form action="{{BASE}}/preferences" method="post" aria-labelledby="pref-theme" data-theme-form>
{{CSRF_FIELD:none}}<input type="hidden" name="next" value="{{HERE}}">
<p class="menu-title" id="pref-theme">[[Appearance]]</p>
<div class="segments">
<button class="segment" type="submit" name="theme" value="light"{{#THEME_LIGHT}} aria-current="true"{{/THEME_LIGHT}}><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#sun"></use></svg><span>[[Light]]</span></button>
<button class="segment" type="submit" name="theme" value="dark"{{#THEME_DARK}} aria-current="true"{{/THEME_DARK}}><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#moon"></use></svg><span>[[Dark]]</span></button>
<button class="segment" type="submit" name="theme" value="auto"{{#THEME_AUTO}} aria-current="true"{{/THEME_AUTO}}><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#monitor"></use></svg><span>[[System]]</span></button>
</div>
</form>
</div>
</details>
<nav class="bar" aria-label="[[Shop]]">
<a class="bar-item bar-phone" href="{{BASE}}/"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#house"></use></svg><span>[[Home]]</span></a>
<a class="bar-item bar-phone" href="#q"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#search"></use></svg><span>[[Search]]</span></a>
{{HOLE_ACCOUNT:none}}
{{HOLE_CART:none}}
</nav>
</div>
{{#NAV}}
<nav class="cats" aria-label="[[Categories]]">
<ul class="wrap cats-list">
<li><a class="cats-all" href="{{BASE}}/c"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#layout-grid"></use></svg><span>[[All categories]]</span></a></li>
{{#NAV_CATEGORY}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}}><span dir="auto">{{LABEL}}</span></a></li>{{/NAV_CATEGORY}}
</ul>
</nav>
{{/NAV}}
</header>
<main id="main" tabindex="-1" class="wrap main">
{{#CRUMBS}}
<nav class="crumbs" aria-label="[[Breadcrumb]]"><ol>
{{#CRUMB}}<li>{{#CRUMB_LINK}}<a href="{{HREF}}" dir="auto">{{LABEL}}</a><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#chevron-right"></use></svg>{{/CRUMB_LINK}}{{#CRUMB_HERE}}<span aria-current="page" dir="auto">{{LABEL}}</span>{{/CRUMB_HERE}}</li>{{/CRUMB}}
</ol></nav>
{{/CRUMBS}}
{{HOLE_FLASH:none}}
{{CONTENT:none}}
</main>
<footer class="foot">
<div class="wrap foot-row">
<div class="foot-brand"><p class="foot-name" dir="auto">{{TENANT_NAME}}</p>{{#HELP}}<a class="foot-help" href="{{HELP_HREF}}" data-test="help"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#life-buoy"></use></svg><span>[[Help and contact]]</span></a>{{/HELP}}</div>
{{#NAV_FOOTER_SET}}<nav aria-label="[[Footer]]"><ul class="foot-links">{{#NAV_FOOTER}}<li><a href="{{HREF}}" dir="auto">{{LABEL}}</a></li>{{/NAV_FOOTER}}</ul></nav>{{/NAV_FOOTER_SET}}
</div>
<div class="wrap foot-end"><p>© <bdi>{{YEAR}}</bdi> <bdi>{{TENANT_NAME}}</bdi></p><p class="foot-id">[[Request]] <bdi dir="ltr">{{REQUEST_ID}}</bdi></p></div>
</footer>
<div class="toasts" role="status" aria-live="polite" data-toasts></div>
</body>
</html>
