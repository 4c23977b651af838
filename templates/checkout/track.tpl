{{%AUTOESCAPE context="HTML"}}
{{! Asking for a link to an order: the answer does not tell whether there is one.}}
<div class="page-head"><h1>[[Where is my order?]]</h1></div>
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<form class="stack" method="post" action="{{BASE}}/track" novalidate>
{{CSRF_FIELD:none}}
<div class="field"><label for="number">[[Order number (required)]]</label>{{#NUMBER_INVALID}}<p class="error" id="number-error">{{NUMBER_ERROR}}</p>{{/NUMBER_INVALID}}<input class="input" id="number" name="number" type="text" maxlength="60" required autocomplete="off" spellcheck="false" dir="ltr" value="{{NUMBER_VALUE}}"{{#NUMBER_INVALID}} aria-invalid="true" aria-describedby="number-error"{{/NUMBER_INVALID}}></div>
<div class="field"><label for="contact">[[E-mail or phone of the order (required)]]</label>{{#CONTACT_INVALID}}<p class="error" id="contact-error">{{CONTACT_ERROR}}</p>{{/CONTACT_INVALID}}<input class="input" id="contact" name="contact" type="text" maxlength="254" required autocomplete="email" spellcheck="false" dir="ltr" value="{{CONTACT_VALUE}}"{{#CONTACT_INVALID}} aria-invalid="true" aria-describedby="contact-error"{{/CONTACT_INVALID}}></div>
<p><button class="button is-large" type="submit">[[Send me a link]]</button></p>
</form>
