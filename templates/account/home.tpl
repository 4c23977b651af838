{{%AUTOESCAPE context="HTML"}}
{{! The account's first page: who is signed in, and the ways on. Modules add theirs to the menu.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1 dir="auto">{{GREETING}}</h1>
<p class="lead">[[You are signed in as]] <bdi dir="ltr">{{EMAIL}}</bdi></p>
<ul class="account-tiles">
<li><a href="{{BASE}}/account/profile"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#user-round"></use></svg><span>[[Your details]]</span></a></li>
<li><a href="{{BASE}}/account/addresses"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#map-pin"></use></svg><span>[[Addresses]]</span></a></li>
<li><a href="{{BASE}}/account/2fa"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#shield-check"></use></svg><span>[[Two-step sign-in]]</span></a></li>
<li><a href="{{BASE}}/account/privacy"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#lock"></use></svg><span>[[Privacy]]</span></a></li>
</ul>
</div>
</div>
