{{%AUTOESCAPE context="HTML"}}
<h1>[[Confirm your e-mail address]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[One click, and your account is ready. The link is good for one day.]]</p>
<p><a class="go" href="{{SHOP_URL}}/verify/{{TOKEN}}">[[Confirm my address]]</a></p>
<p class="small">[[If it was not you, ignore this mail; nothing happens.]]</p>
