{{%AUTOESCAPE context="HTML"}}
{{! A list of products: filters beside it, what is on as chips, sort, cards, load more, and what to do when nothing
    fits. Filters are a GET form and sort is links; htmx only swaps the same answer into place. list-said stays
    where it is, so that a change of the list is heard.}}
<p class="vh" id="list-said" role="status"></p>
<div class="listing" id="listing">
{{#FILTERS}}
<div class="side">
<a class="skip" href="#results">[[Skip to products]]</a>
<details class="filters">
<summary><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#sliders-horizontal"></use></svg><span>[[Filters]]</span></summary>
<form class="facets" action="{{ACTION}}" method="get" aria-label="[[Filters]]" data-facets data-hx-get="{{ACTION}}" data-hx-trigger="change, submit" data-hx-target="#listing" data-hx-select="#listing" data-hx-swap="outerHTML" data-hx-push-url="true">
{{#WORDS}}<input type="hidden" name="q" value="{{VALUE}}">{{/WORDS}}{{#EXACT}}<input type="hidden" name="exact" value="1">{{/EXACT}}<input type="hidden" name="sort" value="{{SORT_VALUE}}">
{{#PRICE_FACET}}
<fieldset class="facet">
<legend>[[Price]] <bdi class="muted">{{CURRENCY_LABEL}}</bdi></legend>
<div class="range">
<div class="field"><label for="price-min">[[From]]</label><input class="input" id="price-min" name="price_min" inputmode="decimal" autocomplete="off" maxlength="20" dir="ltr" value="{{MIN_VALUE}}" placeholder="{{LOW}}"></div>
<div class="field"><label for="price-max">[[To]]</label><input class="input" id="price-max" name="price_max" inputmode="decimal" autocomplete="off" maxlength="20" dir="ltr" value="{{MAX_VALUE}}" placeholder="{{HIGH}}"></div>
</div>
</fieldset>
{{/PRICE_FACET}}
{{#FACET}}
<fieldset class="facet" data-test="facet">
<legend dir="auto">{{NAME}}</legend>
{{#CHOICE}}<label class="check"><input type="{{TYPE}}" id="f-{{ID}}" name="{{KEY}}" value="{{VALUE}}"{{#ON}} checked{{/ON}}><span dir="auto">{{#SWATCH}}<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="{{COLOUR}}"></circle></svg>{{/SWATCH}}{{LABEL}}</span><span class="chip-n">{{N}}</span></label>{{/CHOICE}}
{{#REST}}<details class="facet-rest"><summary>{{TEXT}}</summary>{{#CHOICE}}<label class="check"><input type="{{TYPE}}" id="f-{{ID}}" name="{{KEY}}" value="{{VALUE}}"{{#ON}} checked{{/ON}}><span dir="auto">{{#SWATCH}}<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="{{COLOUR}}"></circle></svg>{{/SWATCH}}{{LABEL}}</span><span class="chip-n">{{N}}</span></label>{{/CHOICE}}</details>{{/REST}}
</fieldset>
{{/FACET}}
<p class="facet-act"><button class="button is-secondary is-wide" id="facets-apply" type="submit">[[Apply filters]]</button></p>
</form>
</details>
</div>
{{/FILTERS}}
<section class="results" id="results" tabindex="-1" aria-labelledby="results-title">
<h2 class="vh" id="results-title">[[Products]]</h2>
{{#IGNORED}}
<div class="flash is-info" data-test="ignored"><p><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#info"></use></svg><span>[[Part of this address means nothing here and was left out:]] {{#PART}}<bdi class="chip is-still">{{TEXT}}</bdi> {{/PART}}{{#REST}}{{TEXT}}{{/REST}}</span></p></div>
{{/IGNORED}}
<div class="list-bar">
<p class="page-count" data-test="count">{{COUNT_TEXT}}</p>
{{#SORTING}}
<details class="menu sort">
<summary><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#arrow-down-up"></use></svg><span><span class="muted">[[Sort]]: </span>{{#SORT}}{{#CURRENT}}{{LABEL}}{{/CURRENT}}{{/SORT}}</span><svg class="icon icon-s turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary>
<div class="menu-panel"><ul class="menu-list">{{#SORT}}<li><a class="menu-item" href="{{HREF}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}><span>{{LABEL}}</span><svg class="icon icon-s tick" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg></a></li>{{/SORT}}</ul></div>
</details>
{{/SORTING}}
</div>
{{#FILTERS}}<ul class="chips applied">{{#CHIP}}<li><a class="chip is-on" href="{{HREF}}"><span class="vh">[[Remove filter]]: </span><span dir="auto">{{#OF}}{{NAME}}: {{/OF}}{{LABEL}}</span><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#x"></use></svg></a></li>{{/CHIP}}{{#CLEAR}}<li><a class="chip-clear" href="{{HREF}}">[[Clear all]]</a></li>{{/CLEAR}}</ul>{{/FILTERS}}
{{#LIST}}
{{#PREVIOUS}}<p class="pager"><a class="button is-secondary" rel="prev" href="{{HREF}}"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#chevron-up"></use></svg><span>[[Show earlier products]]</span></a></p>{{/PREVIOUS}}
<ul class="cards" id="cards">{{>CARD}}</ul>
<div id="pager">{{#RANGE}}<p class="list-range muted" role="status">{{TEXT}}</p>{{/RANGE}}{{#MORE}}<p class="pager"><a class="button is-secondary is-large" rel="next" href="{{HREF}}" data-more="#cards"><span>[[Load more]]</span><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></a></p>{{/MORE}}</div>
{{/LIST}}
{{#EMPTY}}
<div class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h3>[[Nothing here yet]]</h3>
<p>[[There are no products here at the moment.]]</p>
<p><a class="button is-secondary" href="{{BASE}}/c">[[All categories]]</a></p>
</div>
{{/EMPTY}}
{{#NO_MATCH}}
<div class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#search-x"></use></svg>
<h3>[[No product matches these filters]]</h3>
<p>[[Leave one of them out, or start again without filters.]]</p>
<ul class="chips">{{#WITHOUT}}<li><a class="chip" href="{{HREF}}">{{TEXT}}</a></li>{{/WITHOUT}}</ul>
<p><a class="button" href="{{HREF}}">[[Clear all filters]]</a></p>
</div>
{{/NO_MATCH}}
</section>
</div>
