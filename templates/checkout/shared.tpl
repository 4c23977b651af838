{{%AUTOESCAPE context="HTML"}}
{{! A cart somebody shared: a copy of its lines, nothing of the person.}}
<div class="page-head"><h1>[[Shared cart]]</h1></div>
<ul class="stack">{{#LINE}}<li><bdi>{{QUANTITY}}</bdi> × <a href="{{HREF}}" dir="auto">{{NAME}}</a></li>{{/LINE}}{{#GONE}}<li class="muted"><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{NAME}}</span>: [[no longer for sale]]</li>{{/GONE}}</ul>
<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-large" type="submit">[[Copy to my cart]]</button></form>
<p class="muted">[[Link to this list:]] <bdi dir="ltr">{{LINK}}</bdi></p>
