{{%AUTOESCAPE context="HTML"}}
<h1>[[A parcel is on its way to you]]</h1>
{{#GREET}}<p>[[Hello]] <bdi>{{NAME}}</bdi></p>{{/GREET}}
<p>[[Order]] <bdi dir="ltr"><b>{{NUMBER}}</b></bdi></p>
{{#BY}}<p>[[Carrier]]: <span dir="auto">{{CARRIER}}</span></p>{{/BY}}
{{#TRACKED}}<p>[[Parcel number]]: <a href="{{HREF}}"><bdi dir="ltr">{{TRACKING}}</bdi></a></p>{{/TRACKED}}
{{#NUMBERED}}<p>[[Parcel number]]: <bdi dir="ltr">{{TRACKING}}</bdi></p>{{/NUMBERED}}
<table>
{{#ITEM}}<tr><td><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{ITEM_NAME}}</span>{{#OPTIONS_SET}}<br><span class="small" dir="auto">{{OPTIONS}}</span>{{/OPTIONS_SET}}</td></tr>
{{/ITEM}}
</table>
{{#GUEST}}<p><a class="go" href="{{SHOP_URL}}/track/{{TOKEN}}">[[Look at the order]]</a></p>{{/GUEST}}
{{#OWNER}}<p><a class="go" href="{{SHOP_URL}}/account/orders/{{NUMBER}}">[[Look at the order]]</a></p>{{/OWNER}}
