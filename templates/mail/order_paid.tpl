{{%AUTOESCAPE context="HTML"}}
<h1>[[We have received your payment]]</h1>
{{#GREET}}<p>[[Hello]] <bdi>{{NAME}}</bdi></p>{{/GREET}}
<p>[[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
<table><tr><td>[[Received]]</td><td class="num"><b><bdi>{{AMOUNT}}</bdi></b></td></tr>
{{#PART}}<tr><td>[[Still to pay]]</td><td class="num"><bdi>{{DUE}}</bdi></td></tr>{{/PART}}</table>
{{#WHOLE}}<p>[[The order is paid. Thank you.]]</p>{{/WHOLE}}
{{#GUEST}}<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Look at the order]]</a></p>{{/GUEST}}
{{#OWNER}}<p><a class="go" href="{{SHOP_URL}}/account/orders/{{NUMBER}}">[[Look at the order]]</a></p>{{/OWNER}}
