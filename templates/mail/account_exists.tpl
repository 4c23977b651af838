{{%AUTOESCAPE context="HTML"}}
<h1>[[You have an account already]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[Somebody, most likely you, wanted to use this address. It belongs to your account already.]]</p>
<p><a class="go" href="{{SHOP_URL}}/login">[[Sign in]]</a></p>
<p class="small">[[Forgot the password? The sign-in page helps.]]</p>
<p class="small">[[If it was not you, ignore this mail; nothing happens.]]</p>
