{{%AUTOESCAPE context="HTML"}}
{{#WHOLE}}<h1>[[Your order was cancelled]]</h1>{{/WHOLE}}{{#REST}}<h1>[[The rest of your order was cancelled]]</h1>{{/REST}}
{{#GREET}}<p>[[Hello]] <bdi>{{NAME}}</bdi></p>{{/GREET}}
<p>[[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
{{#REST}}<p>[[What had left already is still yours; nothing more will be sent.]]</p>{{/REST}}
{{#BACK}}<p>[[You get back what you paid for it:]] <b><bdi>{{AMOUNT}}</bdi></b></p>{{/BACK}}
{{#GUEST}}<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Look at the order]]</a></p>{{/GUEST}}
{{#OWNER}}<p><a class="go" href="{{SHOP_URL}}/account/orders/{{NUMBER}}">[[Look at the order]]</a></p>{{/OWNER}}
