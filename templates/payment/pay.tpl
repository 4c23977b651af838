{{%AUTOESCAPE context="HTML"}}
{{! An order that is still to be paid: how much, until when, and what to do for the way that was chosen; other ways below.}}
<div class="page-head"><h1>[[Pay for your order]]</h1><p>[[Order]] <output data-test="number"><bdi dir="ltr">{{NUMBER}}</bdi></output></p></div>
{{#PAID}}<p class="stock is-line is-ok" data-test="paid"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg><span>[[This order is paid. Thank you.]]</span></p>{{/PAID}}
{{#CANCELLED}}<p data-test="cancelled">[[This order was cancelled. Nothing is to be paid. What was paid already goes back to you.]]</p>{{/CANCELLED}}
{{#DOOR}}<p data-test="door">[[You pay when it is delivered.]] <b>{{DUE}}</b></p>{{/DOOR}}
{{#OPEN}}
<p>[[To pay]]: <b data-test="due">{{DUE}}</b> · <span dir="auto">{{METHOD}}</span>{{#DEADLINE}}<br><span class="muted">[[Please pay until]] {{UNTIL}}. [[After that the order ends by itself.]]</span>{{/DEADLINE}}</p>
{{#INSTRUCTIONS}}<p dir="auto">{{TEXT}}</p>{{/INSTRUCTIONS}}
{{#FAILED}}<div class="summary" role="alert" data-test="failed"><h2>[[The payment did not go through]]</h2><p>[[Nothing was taken. Try it once more, or choose another way to pay.]]</p></div>{{/FAILED}}
{{#TOLD}}<p class="stock is-line is-ok" data-test="told"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg><span>[[We have your message and look at it. You hear from us as soon as the money is there.]]</span></p>{{/TOLD}}
{{#WAITING}}<section class="stack" aria-labelledby="waiting-head" data-test="waiting"><h2 id="waiting-head">[[We are waiting for the answer of the bank]]</h2><p>[[This takes a few seconds. The page looks again by itself.]]</p><form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button" type="submit" data-test="check">[[I have paid – check]]</button></form></section>{{/WAITING}}
{{#BANK}}<section class="stack" aria-labelledby="bank-head" data-test="bank"><h2 id="bank-head">[[Transfer it to this account]]</h2>
<dl class="specs">{{#DETAIL}}<div><dt>{{LABEL}}</dt><dd><b dir="auto">{{VALUE}}</b></dd></div>{{/DETAIL}}</dl>
<p class="muted">[[Write the reference into the transfer, so that we find it. We send as soon as the money is there.]]</p></section>{{/BANK}}
{{#CODE}}<section class="stack" aria-labelledby="code-head" data-test="code"><h2 id="code-head">[[Scan this code with your bank's app]]</h2>
<svg class="qr" viewBox="0 0 {{QR_SIZE}} {{QR_SIZE}}" role="img" aria-label="[[Payment code; what it says stands below]]" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"></rect><path d="{{QR_PATH}}" fill="#000"></path></svg>
<dl class="specs">{{#DETAIL}}<div><dt>{{LABEL}}</dt><dd><b dir="auto">{{VALUE}}</b></dd></div>{{/DETAIL}}</dl>
<p class="muted">[[On this phone alone? Take a screenshot, open your bank's app, choose to scan and take the picture from the gallery.]]</p></section>{{/CODE}}
{{#NO_CODE}}<p class="error"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[There is no code for this amount. Please choose another way to pay.]]</span></p>{{/NO_CODE}}
{{#CARD}}<section class="stack" aria-labelledby="card-head" data-test="card"><h2 id="card-head">[[Pay by card]]</h2>
<p>[[Card details are typed on the payment page and never reach us. Your bank may ask you to confirm.]]</p>
{{#RESUME}}<p><a class="button is-large is-wide" href="{{HREF}}" rel="noopener" data-test="resume">[[Go on to the payment page]]</a></p>{{/RESUME}}
<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-large is-wide" type="submit" data-test="go">[[Pay by card]]</button></form></section>{{/CARD}}
{{#SLIP}}<section class="stack" aria-labelledby="slip-head"><h2 id="slip-head">[[I have paid]]</h2>
{{#FORM_ERRORS}}<div class="summary" role="alert" tabindex="-1" data-summary><h2>[[Something needs correcting]]</h2><ul>{{#FORM_ERROR}}<li><a href="#{{FIELD}}">{{MESSAGE}}</a></li>{{/FORM_ERROR}}</ul></div>{{/FORM_ERRORS}}
<form class="stack" method="post" action="{{ACTION}}" enctype="multipart/form-data" novalidate>
{{CSRF_FIELD:none}}
<div class="field"><label for="reference">[[Reference of the transfer (optional)]]</label>{{#REFERENCE_INVALID}}<p class="error" id="reference-error">{{REFERENCE_ERROR}}</p>{{/REFERENCE_INVALID}}<input class="input" id="reference" name="reference" type="text" maxlength="100" autocomplete="off" spellcheck="false" dir="auto" value="{{REFERENCE_VALUE}}"{{#REFERENCE_INVALID}} aria-invalid="true" aria-describedby="reference-error"{{/REFERENCE_INVALID}}></div>
<div class="field"><label for="slip">[[Picture or PDF of the slip (optional)]]</label>{{#SLIP_INVALID}}<p class="error" id="slip-error">{{SLIP_ERROR}}</p>{{/SLIP_INVALID}}<input class="input" id="slip" name="slip" type="file" accept="image/jpeg,image/png,image/webp,application/pdf"{{#SLIP_INVALID}} aria-invalid="true" aria-describedby="slip-error"{{/SLIP_INVALID}}></div>
<p><button class="button is-large" type="submit" data-test="told-send">[[I have paid]]</button></p>
</form></section>{{/SLIP}}
{{#OTHERS}}<section class="stack" aria-labelledby="others-head"><h2 id="others-head">[[Other ways to pay]]</h2>
<form class="stack" method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}{{#OTHER}}<p><button class="button is-secondary" type="submit" name="method" value="{{VALUE}}"><span dir="auto">{{LABEL}}</span></button></p>{{/OTHER}}</form></section>{{/OTHERS}}
{{/OPEN}}
<p><a href="{{TRACK_HREF}}">[[Follow this order]]</a></p>
