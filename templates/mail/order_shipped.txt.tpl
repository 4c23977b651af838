[[A parcel is on its way to you]]: {{NUMBER}} – {{TENANT_NAME}}

{{#GREET}}
[[Hello]] {{NAME}}
{{/GREET}}

[[Order]] {{NUMBER}}

{{#BY}}
[[Carrier]]: {{CARRIER}}
{{/BY}}
{{#TRACKED}}
[[Parcel number]]: {{TRACKING}}
{{HREF}}
{{/TRACKED}}
{{#NUMBERED}}
[[Parcel number]]: {{TRACKING}}
{{/NUMBERED}}

{{#ITEM}}
{{QUANTITY}} × {{ITEM_NAME}}{{#OPTIONS_SET}} ({{OPTIONS}}){{/OPTIONS_SET}}
{{/ITEM}}

{{#GUEST}}
[[Look at the order]]:
{{SHOP_URL}}/track/{{TOKEN}}
{{/GUEST}}
{{#OWNER}}
[[Look at the order]]:
{{SHOP_URL}}/account/orders/{{NUMBER}}
{{/OWNER}}
