{{%AUTOESCAPE context="HTML"}}
{{! Up to four products side by side. The address is the list: links take one out, a form adds one.}}
<header class="page-head"><h1>[[Compare products]]</h1></header>
{{#EMPTY}}
<section class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#layout-grid"></use></svg>
<h2>[[Nothing to compare yet]]</h2>
<p>[[Open a product and choose Compare, or enter a product code below. Up to four stand side by side.]]</p>
<p><a class="button is-secondary" href="{{BASE}}/c">[[All categories]]</a></p>
</section>
{{/EMPTY}}
{{#ONE}}<div class="flash is-info"><p>[[One product alone compares badly. Add another one below.]]</p></div>{{/ONE}}
{{#TABLE}}
<div class="compare-scroll" role="region" aria-label="[[Comparison]]" tabindex="0">
<table class="compare" data-compare-list data-test="compare">
<caption class="vh">[[Products side by side]]</caption>
<thead><tr><th scope="col"><span class="vh">[[Property]]</span></th>{{#PRODUCT}}<th scope="col"><span class="compare-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</span><a class="compare-name" href="{{HREF}}" dir="auto">{{NAME}}</a>{{>PRICE}}<span class="stock {{#IN_STOCK}}is-ok{{/IN_STOCK}}{{#LOW_STOCK}}is-warn{{/LOW_STOCK}}{{#SOLD_OUT}}is-out{{/SOLD_OUT}}{{#BACKORDER}}is-info{{/BACKORDER}}{{#EXTERNAL}}is-info{{/EXTERNAL}}">{{STOCK_TEXT}}</span><a class="compare-remove" href="{{REMOVE_HREF}}"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#x"></use></svg><span>[[Remove]]</span><span class="vh"> <span dir="auto">{{NAME}}</span></span></a></th>{{/PRODUCT}}</tr></thead>
<tbody>{{#ATTRIBUTE}}<tr{{#DIFFERS}} class="is-different"{{/DIFFERS}}><th scope="row"><span dir="auto">{{LABEL}}</span>{{#DIFFERS}}<span class="compare-mark">[[differs]]</span>{{/DIFFERS}}</th>{{#CELL}}<td dir="auto">{{VALUE}}</td>{{/CELL}}</tr>{{/ATTRIBUTE}}</tbody>
</table>
</div>
<div class="compare-act">
{{#ONLY}}<a class="button is-secondary" href="{{SAME_HREF}}">[[Show differences only]]</a>{{/ONLY}}
{{#ALL}}<a class="button is-secondary" href="{{SAME_HREF}}">[[Show everything]]</a>{{/ALL}}
<a class="share-link" href="mailto:?body={{SHARE_URL}}"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#mail"></use></svg><span>[[Send this comparison]]</span></a>
</div>
{{/TABLE}}
{{#ADD}}
<form class="compare-add" action="{{BASE}}/compare" method="get">
<input type="hidden" name="items" value="{{ITEMS}}">
<div class="field"><label for="compare-add">[[Add a product by its code]]</label><input class="input" id="compare-add" name="add" maxlength="100" autocomplete="off" dir="ltr"></div>
<button class="button is-secondary" type="submit">[[Add]]</button>
</form>
{{/ADD}}
