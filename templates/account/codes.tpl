{{%AUTOESCAPE context="HTML"}}
{{! Recovery codes, shown this once.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>{{TITLE}}</h1>
<p class="lead">[[Two-step sign-in is on. Write these codes down or print them: each opens your account once when your phone is not at hand. They are not shown again.]]</p>
<ul class="account-codes">{{#CODE_ROW}}<li><bdi dir="ltr" data-test="recovery-code">{{CODE}}</bdi></li>{{/CODE_ROW}}</ul>
<p><a class="button" href="{{BASE}}/account/2fa">[[I have kept them]]</a></p>
</div>
</div>
