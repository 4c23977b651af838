{{%AUTOESCAPE context="HTML"}}
{{! A mailed link works once, by this button: programs that look at links in mails do not use it up.}}
<div class="page-head"><h1>[[Your order]]</h1></div>
<p>[[This link opens your order once.]]</p>
<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-large" type="submit" name="action" value="open">[[Open my order]]</button></form>
