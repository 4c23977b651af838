{{%AUTOESCAPE context="HTML"}}
{{! Checkout, step 2: delivery, payment, everything once more, and the one button that buys. The hidden hash is of what
    this page shows.}}
<div class="page-head"><h1>[[Payment and review]]</h1><p class="muted">[[Step 3 of 3]]</p></div>
{{#PROBLEM}}<div class="summary" role="alert" tabindex="-1" data-summary data-test="problem"><h2>{{PROBLEM_TEXT}}</h2></div>{{/PROBLEM}}
{{#NOT_SERVED}}<p class="error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[We do not deliver to this address.]] <a href="{{BASE}}/checkout">[[Change the address]]</a></span></p>{{/NOT_SERVED}}
{{#NO_PAYMENT}}<p class="error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[There is no way to pay for this order.]]</span></p>{{/NO_PAYMENT}}
<div class="checkout">
<form class="stack checkout-main" id="place" method="post" action="{{BASE}}/checkout/place">
{{CSRF_FIELD:none}}
<fieldset class="stack"><legend>[[Delivery]]</legend>
{{#SHIPPING}}{{#METHOD}}<label class="choice-row"><input type="radio" name="shipping_method" value="{{VALUE}}"{{#CHOSEN}} checked{{/CHOSEN}} data-hx-post="{{BASE}}/checkout/pay" data-hx-trigger="change" data-hx-target="#review" data-hx-select="#review" data-hx-swap="outerHTML"><span><b dir="auto">{{LABEL}}</b>, {{AMOUNT}}<br><span class="muted">{{DAYS}}</span></span></label>{{/METHOD}}{{/SHIPPING}}
</fieldset>
<fieldset class="stack"><legend>[[Payment]]</legend>
{{#PAYMENT}}<label class="choice-row"><input type="radio" name="payment_method" value="{{VALUE}}"{{#CHOSEN}} checked{{/CHOSEN}} data-hx-post="{{BASE}}/checkout/pay" data-hx-trigger="change" data-hx-target="#review" data-hx-select="#review" data-hx-swap="outerHTML"><span><b dir="auto">{{LABEL}}</b>{{#FEE}} + {{AMOUNT}}{{/FEE}}{{#INSTRUCTIONS}}<br><span class="muted" dir="auto">{{TEXT}}</span>{{/INSTRUCTIONS}}</span></label>{{/PAYMENT}}
</fieldset>
<details class="fold"><summary><span>[[Note about the order (optional)]]</span></summary><div class="field fold-body"><label class="vh" for="note">[[Note about the order (optional)]]</label><textarea class="textarea" id="note" name="note" maxlength="1000" rows="2" dir="auto">{{NOTE_VALUE}}</textarea></div></details>
<p class="no-script"><button class="button is-secondary is-wide" type="submit" formaction="{{BASE}}/checkout/pay" formnovalidate>[[Show the total with these choices]]</button></p>
<section class="stack" id="review" aria-labelledby="review-head" aria-live="polite">
<input type="hidden" name="cart" value="{{CART_ID}}">
<input type="hidden" name="shown" value="{{SHOWN}}">
<input type="hidden" name="shipping_shown" value="{{SHIPPING_SHOWN}}">
<input type="hidden" name="payment_shown" value="{{PAYMENT_SHOWN}}">
<h2 id="review-head">[[Your order]]</h2>
<p><span dir="auto">{{TO_NAME}}</span>, <bdi dir="ltr">{{TO_PHONE}}</bdi><br><span dir="auto">{{TO_ADDRESS}}</span> <a href="{{BASE}}/checkout">[[Change]]<span class="vh"> [[the address]]</span></a></p>
{{#BILLED}}<p class="muted">[[Invoice to]] <span dir="auto">{{BILLED_TO}}</span></p>{{/BILLED}}
<ul class="stack">{{#LINE}}<li><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{NAME}}</span> <b>{{LINE_TOTAL}}</b>{{#NOTICE}}<br><span class="error">{{NOTICE_TEXT}}</span>{{/NOTICE}}</li>{{/LINE}}</ul>
<p><a href="{{BASE}}/cart">[[Change]]<span class="vh"> [[the cart]]</span></a></p>
<dl class="specs">{{#SUM}}<div><dt dir="auto">{{LABEL}}</dt><dd>{{AMOUNT}}</dd></div>{{/SUM}}<div><dt><b>[[Total]]</b></dt><dd><b data-test="total">{{TOTAL}}</b></dd></div></dl>
{{#TAX_NOTE}}<p class="muted">{{TAX_TEXT}}</p>{{/TAX_NOTE}}
{{#CODE}}<p class="muted"><bdi>{{CODE_TEXT}}</bdi>: <span dir="auto">{{CODE_SAYS}}</span></p>{{/CODE}}
{{#CODE_REFUSED}}<p class="error" role="alert" data-test="code-refused"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#circle-x"></use></svg><span>{{CODE_REFUSED_TEXT}}</span></p>{{/CODE_REFUSED}}
{{#READY}}<p><button class="button is-large is-wide" type="submit" data-test="place">[[Place order]] – {{TOTAL}}</button></p>{{/READY}}
{{#BLOCKED}}<p><a class="button is-large is-wide" href="{{BASE}}/cart">[[Back to the cart]]</a></p>{{/BLOCKED}}
</section>
</form>
<details class="fold checkout-code"><summary><span>[[I have a code]]</span></summary><form class="stack fold-body" method="post" action="{{BASE}}/cart/codes" data-hx-post="{{BASE}}/cart/codes" data-hx-target="#review" data-hx-select="#review" data-hx-swap="outerHTML">{{CSRF_FIELD:none}}<input type="hidden" name="next" value="/checkout/pay"><div class="field"><label for="code">[[Code]]</label><input class="input" id="code" name="code" type="text" maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false"></div><p><button class="button is-secondary" type="submit">[[Use code]]</button></p></form></details>
</div>
