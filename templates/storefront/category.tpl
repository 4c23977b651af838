{{%AUTOESCAPE context="HTML"}}
{{! One category: what it is, sub-categories, filters beside the list, sort, cards, load more. Filters and sort
    are a GET form and links; htmx only swaps the same answer into place.}}
<header class="page-head">
<h1 dir="auto">{{HEADING}}</h1>
<p class="page-count" data-test="count">{{COUNT_TEXT}}</p>
{{#ABOUT}}<p class="page-about" dir="auto">{{DESCRIPTION}}</p>{{/ABOUT}}
</header>
{{#CHILDREN}}
<nav aria-label="[[Sub-categories]]"><ul class="tiles is-small">{{#CHILD}}<li class="tile"><span class="tile-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</span><span class="tile-text"><a class="tile-link" href="{{HREF}}" dir="auto">{{NAME}}</a><span class="tile-count">{{COUNT_TEXT}}</span></span></li>{{/CHILD}}</ul></nav>
{{/CHILDREN}}
<div class="listing" id="listing">
{{#FILTERS}}
<div class="side">
<a class="skip" href="#results">[[Skip to products]]</a>
<details class="filters">
<summary><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#sliders-horizontal"></use></svg><span>[[Filters]]</span></summary>
<form class="facets" action="{{ACTION}}" method="get" aria-label="[[Filters]]" hx-get="{{ACTION}}" hx-target="#listing" hx-select="#listing" hx-swap="outerHTML" hx-push-url="true">
<input type="hidden" name="sort" value="{{SORT_VALUE}}">
<fieldset class="facet">
<legend>[[Price]] <bdi class="muted">{{CURRENCY_LABEL}}</bdi></legend>
<div class="range">
<div class="field"><label for="price-min">[[From]]</label><input class="input" id="price-min" name="price_min" inputmode="decimal" autocomplete="off" maxlength="20" dir="ltr" value="{{MIN_VALUE}}"></div>
<div class="field"><label for="price-max">[[To]]</label><input class="input" id="price-max" name="price_max" inputmode="decimal" autocomplete="off" maxlength="20" dir="ltr" value="{{MAX_VALUE}}"></div>
</div>
</fieldset>
<fieldset class="facet">
<legend>[[Availability]]</legend>
<label class="check"><input type="checkbox" name="in_stock" value="1"{{#IN_STOCK_ON}} checked{{/IN_STOCK_ON}}><span>[[In stock only]]</span></label>
</fieldset>
<p class="facet-act"><button class="button is-secondary is-wide" id="facets-apply" type="submit">[[Apply filters]]</button></p>
</form>
</details>
</div>
{{/FILTERS}}
<section class="results" id="results" tabindex="-1" aria-labelledby="results-title">
<h2 class="vh" id="results-title">[[Products]]</h2>
<div class="list-bar">
{{#LIST}}<p class="list-range" role="status">{{RANGE_TEXT}}</p>{{/LIST}}
{{#SORTING}}
<details class="menu sort">
<summary><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#arrow-down-up"></use></svg><span><span class="muted">[[Sort]]: </span>{{#SORT}}{{#CURRENT}}{{LABEL}}{{/CURRENT}}{{/SORT}}</span><svg class="icon icon-s turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary>
<div class="menu-panel"><ul class="menu-list">{{#SORT}}<li><a class="menu-item" href="{{HREF}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}><span>{{LABEL}}</span><svg class="icon icon-s tick" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg></a></li>{{/SORT}}</ul></div>
</details>
{{/SORTING}}
</div>
{{#FILTERS}}<ul class="chips applied">{{#CHIP}}<li><a class="chip is-on" href="{{HREF}}"><span class="vh">[[Remove filter]]: </span><span dir="auto">{{LABEL}}</span><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#x"></use></svg></a></li>{{/CHIP}}{{#CLEAR}}<li><a class="chip-clear" href="{{HREF}}">[[Clear all]]</a></li>{{/CLEAR}}</ul>{{/FILTERS}}
{{#LIST}}
{{#PREVIOUS}}<p class="pager"><a class="button is-secondary" rel="prev" href="{{HREF}}"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#chevron-up"></use></svg><span>[[Show earlier products]]</span></a></p>{{/PREVIOUS}}
<ul class="cards" id="cards">{{>CARD}}</ul>
<div id="pager">{{#MORE}}<p class="pager"><span class="muted" aria-hidden="true">{{RANGE_TEXT}}</span><a class="button is-secondary is-large" rel="next" href="{{HREF}}" data-more="#cards"><span>[[Load more]]</span><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></a></p>{{/MORE}}</div>
{{/LIST}}
{{#EMPTY}}
<div class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h3>[[Nothing here yet]]</h3>
<p>[[This category has no products at the moment.]]</p>
<p><a class="button is-secondary" href="{{BASE}}/c">[[All categories]]</a></p>
</div>
{{/EMPTY}}
{{#NO_MATCH}}
<div class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#search-x"></use></svg>
<h3>[[No product matches these filters]]</h3>
<p>[[Widen the price range or show everything in this category.]]</p>
<p><a class="button" href="{{HREF}}">[[Clear all filters]]</a></p>
</div>
{{/NO_MATCH}}
</section>
</div>
