{{%AUTOESCAPE context="HTML"}}
{{! A customer's orders, newest first, a page at a time.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>[[Your orders]]</h1>
{{#EMPTY}}<section class="empty"><svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package"></use></svg><h2>[[No orders yet]]</h2><p><a class="button" href="{{BASE}}/c">[[Look around]]</a></p></section>{{/EMPTY}}
<ul class="account-list">
{{#ORDER}}<li class="account-item" data-test="order"><div><p class="account-name"><a href="{{HREF}}"><bdi dir="ltr">{{NUMBER}}</bdi></a> <span class="badge">{{STATE}}</span></p>
<p><span dir="auto">{{NAME}}</span>{{#MORE}} <span class="muted">{{MORE_TEXT}}</span>{{/MORE}}</p>
<p class="muted">{{PLACED_AT}} · {{PAYMENT}}</p></div>
<p><b><bdi>{{TOTAL}}</bdi></b></p></li>{{/ORDER}}
</ul>
{{#NEXT}}<p><a class="button is-secondary" href="{{HREF}}" rel="next">[[Older orders]]</a></p>{{/NEXT}}
</div>
</div>
