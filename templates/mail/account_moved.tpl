{{%AUTOESCAPE context="HTML"}}
<h1>[[Your e-mail address was changed]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[Your account uses another address from now on. This is the last mail to this one.]]</p>
<p><a class="go" href="{{SHOP_URL}}/">[[Go to the shop]]</a></p>
<p class="small">[[If it was not you, answer this mail at once.]]</p>
