{{%AUTOESCAPE context="HTML"}}
{{! One product: pictures beside the decision (name, price, options, stock, actions), then sections. Pictures
    are links to the files and variants are links to addresses, so all of it works without scripts.}}
<article class="product" data-test="product" data-product="{{SLUG}}" data-sku="{{SKU}}" data-variant="{{VARIANT_ID}}">
<div class="product-media">
{{#GALLERY}}
<section class="gallery" aria-label="[[Pictures]]" data-gallery data-close="[[Close]]">
<ul class="gallery-main">{{#PICTURE}}<li id="{{ID}}"><a href="{{ZOOM}}" data-zoom>{{>LARGE}}<span class="vh">([[open the large picture]])</span></a></li>{{/PICTURE}}</ul>
{{#MANY}}<ul class="gallery-thumbs" aria-label="[[Choose a picture]]">{{#PICTURE}}<li><a href="#{{ID}}">{{>THUMB}}</a></li>{{/PICTURE}}</ul>{{/MANY}}
</section>
{{/GALLERY}}
{{#NO_IMAGE}}<div class="gallery"><p class="blank is-large" aria-hidden="true" dir="auto">{{NAME}}</p><p class="gallery-none">[[No picture yet]]</p></div>{{/NO_IMAGE}}
</div>
<div class="product-info">
{{#BRAND}}<p class="product-brand"><a href="{{BRAND_HREF}}" dir="auto">{{BRAND_NAME}}</a></p>{{/BRAND}}
<h1 dir="auto">{{NAME}}</h1>
{{#RATING}}<p class="rating"><svg class="stars" viewBox="0 0 100 20" aria-hidden="true"><use class="stars-off" href="{{ICONS}}#stars" width="100" height="20"></use><svg width="{{RATING_HALVES}}0" height="20"><use class="stars-on" href="{{ICONS}}#stars" width="100" height="20"></use></svg></svg><span>{{RATING_TEXT}}</span></p>{{/RATING}}
{{SLOT_SUMMARY:none}}
{{#SUMMARY_SET}}<p class="product-lead" dir="auto">{{SUMMARY}}</p>{{/SUMMARY_SET}}
{{#VARIANT_MISSING}}<div class="flash is-warn" role="status"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><p>[[The version you asked for is no longer sold. This is another version of the same product.]]</p></div>{{/VARIANT_MISSING}}
<div class="product-price">{{>PRICE}}<p class="price-note">{{TAX_TEXT}}</p>{{#SALE_ENDS}}<p class="price-note is-sale"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#clock"></use></svg><span>{{SALE_ENDS_TEXT}}</span></p>{{/SALE_ENDS}}</div>
{{#OPTION}}
<div class="option" role="group" aria-label="{{OPTION_NAME}}">
<p class="option-name"><span dir="auto">{{OPTION_NAME}}</span>: <b dir="auto">{{CHOSEN}}</b></p>
<ul class="choices">{{#CHOICE}}<li><a class="choice{{#GONE}} is-gone{{/GONE}}" href="{{HREF}}"{{#CURRENT}} aria-current="true"{{/CURRENT}}>{{#SWATCH}}<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="{{COLOUR}}"></circle></svg>{{/SWATCH}}<span dir="auto">{{LABEL}}</span>{{#GONE}}<span class="vh"> ([[not available]])</span>{{/GONE}}</a></li>{{/CHOICE}}</ul>
</div>
{{/OPTION}}
<p class="stock is-line {{#IN_STOCK}}is-ok{{/IN_STOCK}}{{#LOW_STOCK}}is-warn{{/LOW_STOCK}}{{#SOLD_OUT}}is-out{{/SOLD_OUT}}{{#BACKORDER}}is-info{{/BACKORDER}}{{#EXTERNAL}}is-info{{/EXTERNAL}}" data-test="stock"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#{{#IN_STOCK}}circle-check{{/IN_STOCK}}{{#LOW_STOCK}}hourglass{{/LOW_STOCK}}{{#SOLD_OUT}}circle-slash{{/SOLD_OUT}}{{#BACKORDER}}clock{{/BACKORDER}}{{#EXTERNAL}}external-link{{/EXTERNAL}}"></use></svg><span>{{STOCK_TEXT}}</span></p>
<div class="buy">
{{SLOT_DELIVERY:none}}
{{#BUY}}<form class="buy-form" method="post" action="{{BASE}}/cart/items" data-test="buy">
{{CSRF_FIELD:none}}
<input type="hidden" name="variant" value="{{VARIANT_ID}}">
<label for="quantity">[[Quantity]]</label>
<input class="input cart-qty" id="quantity" name="quantity" type="number" inputmode="numeric" min="{{MIN}}" max="{{MAX}}" value="{{MIN}}">
<button class="button is-large is-wide" type="submit"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#shopping-bag"></use></svg><span>[[Add to cart]]</span></button>
</form>{{/BUY}}
{{SLOT_ACTIONS:none}}
{{#BUY_EXTERNAL}}<a class="button is-large is-wide" href="{{HREF}}" rel="nofollow noopener"><span dir="auto">{{LABEL}}</span><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#external-link"></use></svg></a>{{/BUY_EXTERNAL}}
{{#ASK}}<a class="button is-secondary is-wide" href="{{HREF}}" rel="noopener"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#message-circle"></use></svg><span>[[Ask on WhatsApp]]</span></a>{{/ASK}}
</div>
{{#KIT}}<div class="kit" data-test="kit"><h2>[[In this package]]</h2>
<ul>{{#KIT_PART}}<li><bdi>{{QUANTITY}}</bdi> × <a href="{{HREF}}" dir="auto">{{NAME}}</a></li>{{/KIT_PART}}</ul>
{{#KIT_SAVING}}<p class="price-note is-sale"><span>{{SAVING_TEXT}}</span></p>{{/KIT_SAVING}}</div>{{/KIT}}
<ul class="share" aria-label="[[Compare and share]]">
<li><a class="share-link" href="{{COMPARE_HREF}}" data-compare="{{SLUG}}" rel="nofollow"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#layout-grid"></use></svg><span>[[Compare]]</span></a></li>
<li><a class="share-link" href="mailto:?body={{SHARE_URL}}"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#mail"></use></svg><span>[[Send by e-mail]]</span></a></li>
<li><a class="share-link" href="https://wa.me/?text={{SHARE_URL}}" rel="noopener nofollow"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#message-circle"></use></svg><span>[[Send by WhatsApp]]</span></a></li>
</ul>
<p class="product-sku">[[SKU]] <bdi dir="ltr">{{SKU}}</bdi></p>
<div class="folds">
{{#DESCRIPTION_SET}}<details class="fold" open><summary><h2>[[Description]]</h2><svg class="icon turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary><div class="fold-body prose" dir="auto">{{DESCRIPTION_HTML:none}}</div></details>{{/DESCRIPTION_SET}}
{{#SPECS}}<details class="fold" open><summary><h2>[[Specifications]]</h2><svg class="icon turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary><div class="fold-body"><dl class="specs">{{#SPEC}}<div><dt dir="auto">{{LABEL}}</dt><dd>{{#PLAIN}}<span dir="auto">{{VALUE}}</span>{{/PLAIN}}{{#LINK}}<a href="{{HREF}}" rel="nofollow noopener" dir="auto">{{VALUE}}</a>{{/LINK}}</dd></div>{{/SPEC}}</dl></div></details>{{/SPECS}}
{{#DELIVERY}}<details class="fold"><summary><h2>[[Delivery and returns]]</h2><svg class="icon turn" aria-hidden="true"><use href="{{ICONS}}#chevron-down"></use></svg></summary><div class="fold-body prose"><p dir="auto">{{DELIVERY_TEXT}}</p></div></details>{{/DELIVERY}}
</div>
{{#TAGS}}<ul class="chips" aria-label="[[Tags]]">{{#TAG}}<li><span class="chip is-still" dir="auto">{{LABEL}}</span></li>{{/TAG}}</ul>{{/TAGS}}
</div>
</article>
{{SLOT_SECTIONS:none}}
{{#PARTS}}
<section class="zone" aria-labelledby="zone-parts">
<div class="zone-head"><h2 id="zone-parts">[[In this set]]</h2></div>
<ul class="cards">{{>CARD}}</ul>
</section>
{{/PARTS}}
{{#RELATED}}
<section class="zone" aria-labelledby="zone-related">
<div class="zone-head"><h2 id="zone-related">[[You may also like]]</h2></div>
<ul class="cards">{{>CARD}}</ul>
</section>
{{/RELATED}}
<section class="zone" data-recent="{{BASE}}/recent" hidden aria-labelledby="zone-recent">
<div class="zone-head"><h2 id="zone-recent">[[Looked at before]]</h2></div>
</section>
