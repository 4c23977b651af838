{{%AUTOESCAPE context="HTML"}}
{{! The address book: the default first, each with its ways.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>[[Your addresses]]</h1>
{{#EMPTY}}<p class="empty">[[No address yet. With one you check out without typing.]]</p>{{/EMPTY}}
<ul class="account-list">
{{#ADDRESS}}<li class="account-item"><div><p class="account-name" dir="auto">{{KIND}}{{#DEFAULT}} <span class="badge is-new">[[Default]]</span>{{/DEFAULT}}</p>{{#LINE}}<p dir="auto">{{TEXT}}</p>{{/LINE}}<p class="muted"><bdi dir="ltr">{{PHONE}}</bdi></p></div>
<div class="account-acts"><a class="button is-secondary" href="{{EDIT_HREF}}">[[Change]]<span class="vh"> {{KIND}}</span></a>
{{#PLAIN}}<form method="post" action="{{BASE}}/account/addresses/{{ID}}/default">{{CSRF_FIELD:none}}<button class="button is-quiet" type="submit">[[Make it the default]]<span class="vh"> {{KIND}}</span></button></form>{{/PLAIN}}
<form method="post" action="{{BASE}}/account/addresses/{{ID}}/remove">{{CSRF_FIELD:none}}<button class="button is-quiet" type="submit">[[Remove]]<span class="vh"> {{KIND}}</span></button></form></div></li>{{/ADDRESS}}
</ul>
<p><a class="button" href="{{BASE}}/account/addresses/new" data-test="new-address">[[Add an address]]</a></p>
</div>
</div>
