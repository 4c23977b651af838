{{%AUTOESCAPE context="HTML"}}
<h1>[[Your account is ready]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[Welcome! Your orders, addresses and choices are in your account.]]</p>
<p><a class="go" href="{{SHOP_URL}}/account">[[Go to my account]]</a></p>
