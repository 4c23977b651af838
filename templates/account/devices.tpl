{{%AUTOESCAPE context="HTML"}}
{{! Where the customer is signed in, this device marked, each other one with its way out.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<h1>[[Your devices]]</h1>
<p class="lead">[[These devices are signed in to your account. End one you do not know, then change your password.]]</p>
<ul class="account-list">
{{#DEVICE}}<li class="account-item"><div><p class="account-name" dir="auto">{{AGENT}}</p><p class="muted"><time title="{{SEEN_AT}}">{{SEEN}}</time> · <bdi dir="ltr">{{ADDRESS}}</bdi></p></div>{{#HERE}}<p class="stock is-ok"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#circle-check"></use></svg><span>[[This device]]</span></p>{{/HERE}}{{#OTHER}}<form method="post" action="{{BASE}}/account/devices/end">{{CSRF_FIELD:none}}<input type="hidden" name="device" value="{{NAME}}"><button class="button is-secondary" type="submit">[[Sign out]]<span class="vh"> {{AGENT}}, {{SEEN}}</span></button></form>{{/OTHER}}</li>{{/DEVICE}}
</ul>
{{#SEVERAL}}<form method="post" action="{{BASE}}/account/devices/end-others">{{CSRF_FIELD:none}}<p><button class="button is-secondary" type="submit" data-test="end-others">[[Sign out all other devices]]</button></p></form>{{/SEVERAL}}
</div>
</div>
