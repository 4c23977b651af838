{{%AUTOESCAPE context="HTML"}}
<h1>[[Money is on its way back to you]]</h1>
{{#GREET}}<p>[[Hello]] <bdi>{{NAME}}</bdi></p>{{/GREET}}
<p>[[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
<p>[[We have given back]] <b><bdi>{{AMOUNT}}</bdi></b></p>
{{#WHY}}<p dir="auto">{{REASON}}</p>{{/WHY}}
<p class="small">[[Your bank may take some days to show it.]]</p>
{{#GUEST}}<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Look at the order]]</a></p>{{/GUEST}}
{{#OWNER}}<p><a class="go" href="{{SHOP_URL}}/account/orders/{{NUMBER}}">[[Look at the order]]</a></p>{{/OWNER}}
