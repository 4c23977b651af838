{{%AUTOESCAPE context="HTML"}}
<h1>[[Two-step sign-in is on]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[Signing in now asks for a code besides your password.]]</p>
<p><a class="go" href="{{SHOP_URL}}/account/2fa">[[Look at it]]</a></p>
<p class="small">[[If it was not you, choose a new password at once.]]</p>
