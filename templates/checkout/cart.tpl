{{%AUTOESCAPE context="HTML"}}
{{! The cart: what is in it, what it comes to, and the way on. Every button posts a form of its own, so all of it
    works without scripts.}}
<div class="page-head"><h1>[[Cart]]</h1></div>
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
{{#REMOVED}}<form class="flash is-info" method="post" action="{{ACTION}}"><p><bdi>{{NAME}}</bdi> [[was removed.]]</p>{{CSRF_FIELD:none}}<button class="button is-small" type="submit" name="action" value="restore">[[Undo]]</button></form>{{/REMOVED}}
{{#EMPTY}}<section class="empty" data-test="cart-empty"><svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#shopping-bag"></use></svg><h2>[[The cart is empty]]</h2><p><a class="button" href="{{BASE}}/c">[[Look around]]</a></p></section>{{/EMPTY}}
<ul class="cart-lines">
{{#LINE}}<li class="cart-line" data-test="cart-line">
{{#IMAGE}}<img src="{{SRC}}" alt="" width="96" height="96" loading="lazy" decoding="async">{{/IMAGE}}
<div class="stack">
<p><a href="{{HREF}}" dir="auto">{{NAME}}</a>{{#OPTIONS_SET}}<br><span class="muted" dir="auto">{{OPTIONS}}</span>{{/OPTIONS_SET}}</p>
{{#NOTICE}}<p class="error" data-test="notice"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>{{NOTICE_TEXT}}</span></p>{{/NOTICE}}
{{#PRICED}}<p class="muted"><span>{{UNIT_PRICE}}</span></p>{{/PRICED}}
<form class="cart-act" method="post" action="{{ACTION}}">
{{CSRF_FIELD:none}}
<label class="vh" for="quantity-{{QUANTITY_ID}}">[[Quantity]] <bdi>{{NAME}}</bdi></label>
<input class="input cart-qty" id="quantity-{{QUANTITY_ID}}" name="quantity" type="number" inputmode="numeric" min="0" max="{{MAX}}" value="{{QUANTITY}}">
<button class="button is-small" type="submit" name="action" value="set">[[Update]]</button>
<button class="button is-small is-secondary" type="submit" name="action" value="remove">[[Remove]]<span class="vh"> <bdi>{{NAME}}</bdi></span></button>
<button class="button is-small is-secondary" type="submit" name="action" value="save">[[Save for later]]<span class="vh"> <bdi>{{NAME}}</bdi></span></button>
</form>
</div>
{{#PRICED}}<p class="cart-sum"><b>{{LINE_TOTAL}}</b></p>{{/PRICED}}
</li>{{/LINE}}
</ul>
{{#FILLED}}
<section class="cart-total" aria-labelledby="total-head">
<h2 class="vh" id="total-head">[[Total]]</h2>
<dl class="specs">{{#SUM}}<div><dt dir="auto">{{LABEL}}</dt><dd>{{AMOUNT}}</dd></div>{{/SUM}}<div><dt><b>[[Total]]</b></dt><dd><b data-test="total">{{TOTAL}}</b></dd></div></dl>
{{#TAX_NOTE}}<p class="muted">{{TAX_TEXT}}</p>{{/TAX_NOTE}}
{{#DELIVERY}}<p class="muted"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#truck"></use></svg> [[Arrives]] {{DELIVERY_DAYS}}</p>{{#FREE_GAP}}<p class="price-note is-sale">{{GAP_TEXT}}</p>{{/FREE_GAP}}{{/DELIVERY}}
{{#NOT_SERVED}}<p class="error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[We do not deliver to this address.]] <a href="{{BASE}}/checkout">[[Change the address]]</a></span></p>{{/NOT_SERVED}}
<ul class="stack">{{#CODE}}<li><form method="post" action="{{BASE}}/cart/codes">{{CSRF_FIELD:none}}<input type="hidden" name="remove" value="{{CODE_ID}}"><bdi>{{CODE_TEXT}}</bdi>: <span dir="auto">{{CODE_SAYS}}</span> <button class="button is-small is-secondary" type="submit">[[Remove]]<span class="vh"> <bdi>{{CODE_TEXT}}</bdi></span></button></form></li>{{/CODE}}</ul>
<details class="fold"><summary><span>[[I have a code]]</span></summary><form class="stack fold-body" method="post" action="{{BASE}}/cart/codes">{{CSRF_FIELD:none}}<div class="field"><label for="code">[[Code]]</label><input class="input" id="code" name="code" type="text" maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false"></div><p><button class="button is-secondary" type="submit">[[Use code]]</button></p></form></details>
{{#READY}}<p><a class="button is-large is-wide" href="{{BASE}}/checkout" data-test="checkout">[[Go to checkout]]</a></p>{{/READY}}
{{#READY_AT_ONCE}}<form method="post" action="{{BASE}}/checkout/address">{{CSRF_FIELD:none}}<input type="hidden" name="address" value="{{ADDRESS_ID}}"><button class="button is-large is-wide" type="submit" data-test="checkout">[[Go to checkout]]</button></form>
<p><a href="{{BASE}}/checkout">[[Deliver somewhere else]]</a></p>{{/READY_AT_ONCE}}
{{#BLOCKED}}<p class="error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[Please look at the lines marked above first.]]</span></p>{{/BLOCKED}}
<form method="post" action="{{BASE}}/cart/share">{{CSRF_FIELD:none}}<button class="button is-secondary is-wide" type="submit">[[Share this cart]]</button></form>
</section>
{{/FILLED}}
{{#SAVED}}
<section class="zone" aria-label="[[Saved for later]]">
<div class="zone-head"><h2>[[Saved for later]]</h2></div>
<ul class="cart-lines">{{#SAVED_LINE}}<li class="cart-line">
{{#IMAGE}}<img src="{{SRC}}" alt="" width="96" height="96" loading="lazy" decoding="async">{{/IMAGE}}
<div class="stack"><p><a href="{{HREF}}" dir="auto">{{NAME}}</a></p>
<form class="cart-act" method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-small" type="submit" name="action" value="use">[[Move to the cart]]<span class="vh"> <bdi>{{NAME}}</bdi></span></button><button class="button is-small is-secondary" type="submit" name="action" value="remove">[[Remove]]<span class="vh"> <bdi>{{NAME}}</bdi></span></button></form></div>
</li>{{/SAVED_LINE}}</ul>
</section>
{{/SAVED}}
