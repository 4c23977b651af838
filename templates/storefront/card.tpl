{{%AUTOESCAPE context="HTML"}}
{{! One product in a list. The name's link covers the text, buttons lie above it; the pictures are the same
    link again for pointers (hidden from assistive technology) and swipe sideways on touch screens.}}
<li class="card" data-test="card" data-sku="{{SKU}}">
<a class="card-media" href="{{HREF}}" tabindex="-1" aria-hidden="true">
{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}
</a>
<div class="card-body">
<h3 class="card-name"><a class="card-link" href="{{HREF}}" dir="auto">{{NAME}}</a></h3>
{{#RATING}}<p class="rating"><svg class="stars" viewBox="0 0 100 20" aria-hidden="true"><use class="stars-off" href="{{ICONS}}#stars" width="100" height="20"></use><svg width="{{RATING_HALVES}}0" height="20"><use class="stars-on" href="{{ICONS}}#stars" width="100" height="20"></use></svg></svg><span class="vh">{{RATING_TEXT}}</span><bdi aria-hidden="true">{{RATING_VALUE}}</bdi></p>{{/RATING}}{{>PRICE}}
<p class="card-facts"><span class="stock {{#IN_STOCK}}is-ok{{/IN_STOCK}}{{#LOW_STOCK}}is-warn{{/LOW_STOCK}}{{#SOLD_OUT}}is-out{{/SOLD_OUT}}{{#BACKORDER}}is-info{{/BACKORDER}}{{#EXTERNAL}}is-info{{/EXTERNAL}}"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#{{#IN_STOCK}}check{{/IN_STOCK}}{{#LOW_STOCK}}hourglass{{/LOW_STOCK}}{{#SOLD_OUT}}circle-slash{{/SOLD_OUT}}{{#BACKORDER}}clock{{/BACKORDER}}{{#EXTERNAL}}external-link{{/EXTERNAL}}"></use></svg><span>{{STOCK_TEXT}}</span></span>{{#OPTIONS}}<span class="card-options">{{OPTIONS_TEXT}}</span>{{/OPTIONS}}</p>
<ul class="swatches">{{#SWATCH}}<li><svg class="swatch" viewBox="0 0 20 20" role="img" aria-label="{{LABEL}}"><circle cx="10" cy="10" r="9" fill="{{COLOUR}}"></circle></svg></li>{{/SWATCH}}</ul>
<div class="card-act">{{SLOT_ACTIONS:none}}</div>
</div>
<p class="card-badges">{{#SALE_BADGE}}<span class="badge is-sale"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#tag"></use></svg><span class="vh">[[Saving]]: </span><bdi>{{SAVING_PERCENT}}</bdi></span>{{/SALE_BADGE}}{{#NEW_BADGE}}<span class="badge is-new"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#sparkles"></use></svg><span>[[New]]</span></span>{{/NEW_BADGE}}</p>
</li>
