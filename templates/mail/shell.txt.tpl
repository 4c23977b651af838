{{CONTENT:none}}
-- 
{{TENANT_NAME}}
{{SHOP_URL}}/
{{#UNSUBSCRIBE}}
[[Do not send me news and offers any more]]: {{HREF}}
{{/UNSUBSCRIBE}}
