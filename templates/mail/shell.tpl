{{%AUTOESCAPE context="HTML"}}
{{! The page around every mail: the shop's name in its colour, one column, nothing loaded from anywhere. Tables only
    where old mail programs need them; they are layout, and say so. Colours have enough contrast in light and dark.}}
<!doctype html>
<html lang="{{LANG}}" dir="{{DIR}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{SUBJECT}}</title>
<style>
body { margin: 0; padding: 0; background: #f3f4f6; color: #16191f; }
table { border-collapse: collapse; }
.card { width: 100%; max-width: 600px; background: #ffffff; }
.head { padding: 20px 24px; font: 700 20px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.text { padding: 24px; font: 400 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.text h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
.text p { margin: 0 0 16px; }
.text a { color: #0b57a4; }
.text table { width: 100%; margin: 0 0 16px; }
.text th, .text td { padding: 8px 0; border-bottom: 1px solid #d5d9e0; text-align: start; vertical-align: top; }
.text .num { text-align: end; white-space: nowrap; }
.text .code { font-size: 28px; letter-spacing: 4px; font-weight: 700; }
.text a.go { display: inline-block; padding: 12px 20px; border-radius: 8px; font-weight: 700; text-decoration: none; background: #16191f; color: #ffffff; }
.small { font-size: 14px; color: #4a5160; }
.foot { padding: 16px 24px 32px; font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #4a5160; }
.foot a { color: #4a5160; }
@media (prefers-color-scheme: dark) {
body { background: #101318; color: #e8eaef; }
.card { background: #1a1e26; }
.text th, .text td { border-bottom-color: #3a404c; }
.text a { color: #8ec2ff; }
.text a.go { background: #e8eaef; color: #16191f; }
.small, .foot, .foot a { color: #b3bac7; }
}
</style>
</head>
<body>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding: 16px 8px">
<table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" dir="{{DIR}}">
<tr><td class="head" bgcolor="{{COLOUR}}" style="color: {{INK}}"><a href="{{SHOP_URL}}/" style="color: {{INK}}; text-decoration: none"><span dir="auto">{{TENANT_NAME}}</span></a></td></tr>
<tr><td class="text">
{{CONTENT:none}}
</td></tr>
<tr><td class="foot"><p>[[This mail was sent by]] <bdi>{{TENANT_NAME}}</bdi>, <a href="{{SHOP_URL}}/"><bdi dir="ltr">{{SHOP_URL}}</bdi></a></p>
{{#UNSUBSCRIBE}}<p><a href="{{HREF}}">[[Do not send me news and offers any more]]</a></p>{{/UNSUBSCRIBE}}</td></tr>
</table>
</td></tr></table>
</body>
</html>
