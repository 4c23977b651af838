{{%AUTOESCAPE context="HTML"}}
{{! A document that is numbered and not drawn yet: some seconds, and the same address gives the file.}}
<section class="empty" data-test="preparing"><svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#clock"></use></svg><h1>{{TITLE}}</h1>
<p>[[It is being prepared. This takes a few seconds.]]</p>
<p><a class="button" href="{{HREF}}">[[Look again]]</a></p></section>
