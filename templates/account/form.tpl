{{%AUTOESCAPE context="HTML"}}
{{! A page that is one form. Beside it the account's menu, where the page belongs to one. A refused form says so
    first, beside the field, and in the field's description; nothing typed is lost but passwords.}}
<div class="{{CLASS}}">
{{>MENU}}
<div class="account-main">
<h1>{{TITLE}}</h1>
{{#LEAD_SET}}<p class="lead">{{LEAD}}</p>{{/LEAD_SET}}
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
{{#FORM}}
<form class="stack" method="post" action="{{ACTION}}" novalidate>
{{CSRF_FIELD:none}}
{{#HIDDEN}}<input type="hidden" name="{{NAME}}" value="{{VALUE}}">{{/HIDDEN}}
{{>INPUT}}
{{#FOLDED}}<details class="more-fields"{{#OPEN}} open{{/OPEN}}><summary>[[More details]]</summary><div class="stack">{{>MORE}}</div></details>{{/FOLDED}}
<p><button class="button is-large is-wide{{#DANGER}} is-danger{{/DANGER}}" type="submit" data-test="submit">{{SUBMIT}}</button></p>
</form>
{{/FORM}}
{{#LINKS}}<ul class="account-links">{{#LINK}}<li><a href="{{HREF}}">{{LABEL}}</a></li>{{/LINK}}</ul>{{/LINKS}}
</div>
</div>
