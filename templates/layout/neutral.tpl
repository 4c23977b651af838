{{%AUTOESCAPE context="HTML"}}
{{! The page where there is no shop to show: unknown or suspended host. No brand, no links into a shop.}}
<!doctype html>
<html lang="{{LANG}}" dir="{{DIR}}" data-theme="{{THEME}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}}</title>
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{{CSS}}">
<link rel="icon" type="image/svg+xml" href="{{FAVICON}}">
</head>
<body class="neutral">
<main id="main" tabindex="-1" class="wrap main">
{{CONTENT:none}}
</main>
<footer class="foot"><div class="wrap foot-end"><p class="foot-id">[[Request]] <bdi dir="ltr">{{REQUEST_ID}}</bdi></p></div></footer>
</body>
</html>
