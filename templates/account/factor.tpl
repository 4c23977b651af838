{{%AUTOESCAPE context="HTML"}}
{{! Setting up two-step sign-in: the picture for the app, the same as text, and the proof that the app has it.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>{{TITLE}}</h1>
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<p class="lead">[[Besides your password we ask for a code that an app on your phone shows. Whoever learns your password still cannot get in.]]</p>
<ol class="account-steps">
<li><p>[[Scan this picture with an authenticator app, or type the key into it.]]</p>
<svg class="qr" viewBox="0 0 {{QR_SIZE}} {{QR_SIZE}}" role="img" aria-label="[[Picture for the app; the key below says the same]]" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"></rect><path d="{{QR_PATH}}" fill="#000"></path></svg>
<p>[[Key]]: <output class="account-key" dir="ltr" data-copy="[[Copy]]" data-copied="[[Copied]]">{{KEY}}</output></p></li>
<li><form class="stack" method="post" action="{{BASE}}/account/2fa" novalidate>
{{CSRF_FIELD:none}}<input type="hidden" name="secret" value="{{SECRET}}">
{{>INPUT}}
<p><button class="button is-large is-wide" type="submit" data-test="submit">[[Switch it on]]</button></p>
</form></li>
</ol>
</div>
</div>
