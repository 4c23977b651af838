{{%AUTOESCAPE context="HTML"}}
<h1>[[The link to your order]]</h1>
<p>[[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
<p>[[You asked where your order is. The link is good for one hour, once.]]</p>
<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Look at the order]]</a></p>
<p class="small">[[If it was not you, ignore this mail; nothing happens.]]</p>
