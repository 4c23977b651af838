{{%AUTOESCAPE context="HTML"}}
<h1>[[Choose a new password]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[You asked for a new password. The link is good for one hour, once.]]</p>
<p><a class="go" href="{{SHOP_URL}}/reset/{{TOKEN}}">[[Choose a new password]]</a></p>
<p class="small">[[If it was not you, ignore this mail; nothing happens.]]</p>
