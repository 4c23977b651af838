{{%AUTOESCAPE context="HTML"}}
{{! Checkout, step 2: who and where. Guest first; the fields are the country's, at most seven are shown and the rest is
    folded. With scripts another country brings its fields and the summary follows the place; without, a button does.}}
<div class="page-head"><h1>[[Delivery]]</h1><p class="muted">[[Step 2 of 3]]</p></div>
{{#GUEST}}<p class="muted">[[No account is needed.]] <a href="{{BASE}}/login?next=/checkout">[[I have an account]]</a></p>{{/GUEST}}
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<div class="checkout">
<div class="checkout-main stack">
{{#SAVED}}<section class="stack" aria-labelledby="saved-head"><h2 id="saved-head">[[Your addresses]]</h2>
<ul class="account-list">{{#SAVED_ADDRESS}}<li class="account-item"><p id="address-{{ADDRESS_ID}}" dir="auto">{{#ADDRESS_LINE}}{{#NEXT}}, {{/NEXT}}{{TEXT}}{{/ADDRESS_LINE}}</p><form method="post" action="{{BASE}}/checkout/address">{{CSRF_FIELD:none}}<input type="hidden" name="address" value="{{ADDRESS_ID}}"><button class="button" type="submit" aria-describedby="address-{{ADDRESS_ID}}" data-test="deliver-here">[[Deliver here]]</button></form></li>{{/SAVED_ADDRESS}}</ul>
<h2>[[Another address]]</h2></section>{{/SAVED}}
<form class="stack" method="post" action="{{BASE}}/checkout" novalidate data-test="details">
{{CSRF_FIELD:none}}
<details class="more-fields"{{#COUNTRY_INVALID}} open{{/COUNTRY_INVALID}}><summary data-test="country"><span>[[Country]]: <b id="country-now">{{COUNTRY_NAME}}</b></span></summary><div class="stack">
<div class="field"><label for="country">[[Country]]</label>{{#COUNTRY_INVALID}}<p class="error" id="country-error">{{COUNTRY_ERROR}}</p>{{/COUNTRY_INVALID}}<select class="select" id="country" name="country" autocomplete="shipping country"{{#COUNTRY_INVALID}} aria-invalid="true" aria-describedby="country-error"{{/COUNTRY_INVALID}} data-hx-post="{{BASE}}/checkout/draft" data-hx-trigger="change" data-hx-target="#address" data-hx-select="#address" data-hx-select-oob="#summary,#country-now" data-hx-swap="outerHTML">{{#COUNTRY}}<option value="{{VALUE}}"{{#CHOSEN}} selected{{/CHOSEN}}>{{NAME}}</option>{{/COUNTRY}}</select></div>
<p class="no-script"><button class="button is-secondary" type="submit" formaction="{{BASE}}/checkout/draft" formnovalidate data-test="country-fields">[[Show the fields of this country]]</button></p>
</div></details>
<div class="stack" id="address">
{{>ADDRESS_FIELD}}
<details class="more-fields"{{#MORE_OPEN}} open{{/MORE_OPEN}}><summary>[[More for the delivery]]</summary><div class="stack">{{>MORE}}</div></details>
<details class="more-fields"{{#BILLING_OPEN}} open{{/BILLING_OPEN}}><summary data-test="billing">[[Another address on the invoice]]</summary><div class="stack">
<p class="hint">[[Leave this empty and the invoice carries the delivery address.]]</p>
{{>BILLING_FIELD}}
<div class="field"><label for="billing_country">[[Country]]</label>{{#BILLING_COUNTRY_INVALID}}<p class="error" id="billing_country-error">{{BILLING_COUNTRY_ERROR}}</p>{{/BILLING_COUNTRY_INVALID}}<select class="select" id="billing_country" name="billing_country" autocomplete="billing country"{{#BILLING_COUNTRY_INVALID}} aria-invalid="true" aria-describedby="billing_country-error"{{/BILLING_COUNTRY_INVALID}}>{{#BILLING_COUNTRY}}<option value="{{VALUE}}"{{#CHOSEN}} selected{{/CHOSEN}}>{{NAME}}</option>{{/BILLING_COUNTRY}}</select></div>
</div></details>
</div>
<p><button class="button is-large is-wide" type="submit" data-test="go-on">[[Go on to payment]]</button></p>
</form>
</div>
<section class="cart-total" id="summary" aria-labelledby="total-head" aria-live="polite">
<h2 id="total-head">[[Your order]]</h2>
<dl class="specs">{{#SUM}}<div><dt dir="auto">{{LABEL}}</dt><dd>{{AMOUNT}}</dd></div>{{/SUM}}<div><dt><b>[[Total]]</b></dt><dd><b data-test="total">{{TOTAL}}</b></dd></div></dl>
{{#TAX_NOTE}}<p class="muted">{{TAX_TEXT}}</p>{{/TAX_NOTE}}
{{#DELIVERY}}<p class="muted"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#truck"></use></svg> [[Arrives]] {{DELIVERY_DAYS}}</p>{{#FREE_GAP}}<p class="price-note is-sale">{{GAP_TEXT}}</p>{{/FREE_GAP}}{{/DELIVERY}}
{{#NOT_SERVED}}<p class="error" data-test="not-served"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[We do not deliver to this address.]]</span></p>{{/NOT_SERVED}}
</section>
</div>
