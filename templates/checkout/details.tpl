{{%AUTOESCAPE context="HTML"}}
{{! Checkout, step 1: who and where. Guest first; six fields are shown, the rest is folded.}}
<div class="page-head"><h1>[[Delivery]]</h1><p class="muted">[[Step 2 of 3]]</p></div>
{{#GUEST}}<p class="muted">[[No account is needed.]] <a href="{{BASE}}/login?next=/checkout">[[I have an account]]</a></p>{{/GUEST}}
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<form class="stack" method="post" action="{{BASE}}/checkout" novalidate>
{{CSRF_FIELD:none}}
<div class="field"><label for="name">[[Name (required)]]</label>{{#NAME_INVALID}}<p class="error" id="name-error">{{NAME_ERROR}}</p>{{/NAME_INVALID}}<input class="input" id="name" name="name" type="text" maxlength="200" required autocomplete="shipping name" spellcheck="false" dir="auto" value="{{NAME_VALUE}}"{{#NAME_INVALID}} aria-invalid="true" aria-describedby="name-error"{{/NAME_INVALID}}></div>
<div class="field"><label for="phone">[[Mobile number (required)]]</label>{{#PHONE_INVALID}}<p class="error" id="phone-error">{{PHONE_ERROR}}</p>{{/PHONE_INVALID}}<input class="input" id="phone" name="phone" type="tel" inputmode="tel" maxlength="40" required autocomplete="shipping tel" dir="ltr" value="{{PHONE_VALUE}}"{{#PHONE_INVALID}} aria-invalid="true" aria-describedby="phone-error"{{/PHONE_INVALID}}></div>
<div class="field"><label for="email">[[E-mail (optional)]]</label>{{#EMAIL_INVALID}}<p class="error" id="email-error">{{EMAIL_ERROR}}</p>{{/EMAIL_INVALID}}<input class="input" id="email" name="email" type="email" inputmode="email" maxlength="254" autocomplete="email" spellcheck="false" dir="ltr" value="{{EMAIL_VALUE}}"{{#EMAIL_INVALID}} aria-invalid="true" aria-describedby="email-error"{{/EMAIL_INVALID}}></div>
<div class="field"><label for="line1">[[Address (required)]]</label>{{#LINE1_INVALID}}<p class="error" id="line1-error">{{LINE1_ERROR}}</p>{{/LINE1_INVALID}}<input class="input" id="line1" name="line1" type="text" maxlength="200" required autocomplete="shipping address-line1" dir="auto" value="{{LINE1_VALUE}}"{{#LINE1_INVALID}} aria-invalid="true" aria-describedby="line1-error"{{/LINE1_INVALID}}></div>
<div class="field"><label for="city">[[City (required)]]</label>{{#CITY_INVALID}}<p class="error" id="city-error">{{CITY_ERROR}}</p>{{/CITY_INVALID}}<input class="input" id="city" name="city" type="text" maxlength="120" required autocomplete="shipping address-level2" dir="auto" value="{{CITY_VALUE}}"{{#CITY_INVALID}} aria-invalid="true" aria-describedby="city-error"{{/CITY_INVALID}}></div>
<div class="field"><label for="postcode">[[Postcode (optional)]]</label>{{#POSTCODE_INVALID}}<p class="error" id="postcode-error">{{POSTCODE_ERROR}}</p>{{/POSTCODE_INVALID}}<input class="input" id="postcode" name="postcode" type="text" maxlength="20" autocomplete="shipping postal-code" dir="ltr" value="{{POSTCODE_VALUE}}"{{#POSTCODE_INVALID}} aria-invalid="true" aria-describedby="postcode-error"{{/POSTCODE_INVALID}}></div>
<details class="fold"{{#COUNTRY_INVALID}} open{{/COUNTRY_INVALID}}><summary><span>[[Second line, country, note for the driver]]</span></summary><div class="stack fold-body">
<div class="field"><label for="line2">[[Address, second line (optional)]]</label>{{#LINE2_INVALID}}<p class="error" id="line2-error">{{LINE2_ERROR}}</p>{{/LINE2_INVALID}}<input class="input" id="line2" name="line2" type="text" maxlength="200" autocomplete="shipping address-line2" dir="auto" value="{{LINE2_VALUE}}"></div>
<div class="field"><label for="country">[[Country, two letters]]</label>{{#COUNTRY_INVALID}}<p class="error" id="country-error">{{COUNTRY_ERROR}}</p>{{/COUNTRY_INVALID}}<input class="input" id="country" name="country" type="text" maxlength="2" autocomplete="shipping country" autocapitalize="characters" spellcheck="false" dir="ltr" value="{{COUNTRY_VALUE}}"{{#COUNTRY_INVALID}} aria-invalid="true" aria-describedby="country-error"{{/COUNTRY_INVALID}}></div>
<div class="field"><label for="instructions">[[Note for the driver (optional)]]</label>{{#INSTRUCTIONS_INVALID}}<p class="error" id="instructions-error">{{INSTRUCTIONS_ERROR}}</p>{{/INSTRUCTIONS_INVALID}}<input class="input" id="instructions" name="instructions" type="text" maxlength="500" dir="auto" value="{{INSTRUCTIONS_VALUE}}"></div>
</div></details>
<p><button class="button is-large is-wide" type="submit">[[Go on to payment]]</button></p>
</form>
<section class="cart-total" aria-labelledby="total-head">
<h2 id="total-head">[[Your order]]</h2>
<dl class="specs">{{#SUM}}<div><dt dir="auto">{{LABEL}}</dt><dd>{{AMOUNT}}</dd></div>{{/SUM}}<div><dt><b>[[Total]]</b></dt><dd><b>{{TOTAL}}</b></dd></div></dl>
{{#TAX_NOTE}}<p class="muted">{{TAX_TEXT}}</p>{{/TAX_NOTE}}
</section>
