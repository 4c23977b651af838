{{%AUTOESCAPE context="HTML"}}
{{! Two-step sign-in is on: how many recovery codes are left, and what can be done.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>{{TITLE}}</h1>
<p class="stock is-line is-ok"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#shield-check"></use></svg><span>[[Two-step sign-in is on.]]</span></p>
<p>{{LEFT}}</p>
<ul class="account-links"><li><a href="{{BASE}}/account/2fa/codes">[[New recovery codes]]</a></li><li><a href="{{BASE}}/account/2fa/off" data-test="factor-off">[[Switch off two-step sign-in]]</a></li></ul>
</div>
</div>
