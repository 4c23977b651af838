{{%AUTOESCAPE context="HTML"}}
<h1>[[Thank you for your order]]</h1>
{{#GREET}}<p>[[Hello]] <bdi>{{NAME}}</bdi></p>{{/GREET}}
<p>[[Your order has reached us.]] [[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
<table>
{{#ITEM}}<tr><td><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{ITEM_NAME}}</span>{{#OPTIONS_SET}}<br><span class="small" dir="auto">{{OPTIONS}}</span>{{/OPTIONS_SET}}</td><td class="num"><bdi>{{AMOUNT}}</bdi></td></tr>
{{/ITEM}}
{{#SUM}}<tr><td><span dir="auto">{{LABEL}}</span></td><td class="num"><bdi>{{AMOUNT}}</bdi></td></tr>
{{/SUM}}
<tr><th scope="row">[[Total]]</th><td class="num"><b><bdi>{{TOTAL}}</bdi></b></td></tr>
</table>
{{#TAX_NOTE}}<p class="small">{{TAX_TEXT}}</p>{{/TAX_NOTE}}
{{#PAYMENT}}<p>[[Payment]]: <span dir="auto">{{METHOD}}</span></p>{{/PAYMENT}}
{{#PROMISE}}<p>[[Arrives]] <b>{{DAYS}}</b></p>{{/PROMISE}}
<p>{{#ADDRESS}}<span dir="auto">{{TEXT}}</span><br>{{/ADDRESS}}</p>
{{#GUEST}}<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Follow this order]]</a></p>{{/GUEST}}
{{#OWNER}}<p><a class="go" href="{{SHOP_URL}}/account/orders/{{NUMBER}}">[[Follow this order]]</a></p>{{/OWNER}}
