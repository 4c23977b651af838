{{%AUTOESCAPE context="HTML"}}
<h1>[[Your password was changed]]</h1>
<p>[[Hello]] <bdi>{{NAME}}</bdi></p>
<p>[[All other devices are signed out.]]</p>
<p><a class="go" href="{{SHOP_URL}}/forgot">[[Choose a new password]]</a></p>
<p class="small">[[If it was not you, choose a new password at once.]]</p>
