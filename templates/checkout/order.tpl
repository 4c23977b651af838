{{%AUTOESCAPE context="HTML"}}
{{! An order for who placed it: what happens next, its lines, parcels and history.}}
<div class="page-head">{{#PLACED}}<h1 data-test="done">[[Thank you for your order]]</h1>{{/PLACED}}{{#TRACKING}}<h1>[[Your order]]</h1>{{/TRACKING}}
<p>[[Order]] <output data-test="number"><bdi dir="ltr">{{NUMBER}}</bdi></output> · <span class="badge">{{STATE}}</span> · {{PLACED_AT}}</p></div>
{{#PROMISE}}<p><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#truck"></use></svg> <b>{{DAYS}}</b>, <span dir="auto">{{METHOD}}</span></p>{{/PROMISE}}
<p><span dir="auto">{{TO_NAME}}</span>, <span dir="auto">{{TO_ADDRESS}}</span></p>
<p>[[Payment]]: <span dir="auto">{{PAYMENT}}</span>. [[Still to pay]]: <b>{{DUE}}</b></p>
{{#PAY_NOW}}<p><a class="button is-large" href="{{PAY_HREF}}" data-test="pay-now">[[Pay now]]</a></p>{{/PAY_NOW}}
{{#PLACED}}<p><a class="button" href="{{TRACK_HREF}}">[[Follow this order]]</a></p>{{/PLACED}}
<section class="stack" aria-labelledby="lines-head"><h2 id="lines-head">[[What you ordered]]</h2>
<dl class="specs">{{#LINE}}<div><dt><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{NAME}}</span>{{#SENT}} <span class="muted">({{SENT_TEXT}})</span>{{/SENT}}</dt><dd>{{AMOUNT}}</dd></div>{{/LINE}}{{#TAX}}<div><dt>[[Tax]]</dt><dd>{{AMOUNT}}</dd></div>{{/TAX}}<div><dt><b>[[Total]]</b></dt><dd><b data-test="total">{{TOTAL}}</b></dd></div></dl></section>
{{#PARCEL}}<section class="stack" data-test="parcel"><h2>[[Parcel]]</h2><p><span dir="auto">{{CARRIER}}</span> {{#TRACKED}}<a href="{{HREF}}" rel="noopener nofollow"><bdi dir="ltr">{{NUMBER}}</bdi></a>{{/TRACKED}}{{#NUMBERED}}<bdi dir="ltr">{{NUMBER}}</bdi>{{/NUMBERED}} · [[sent]] {{SENT_AT}}</p></section>{{/PARCEL}}
<section class="stack" aria-labelledby="history-head"><h2 id="history-head">[[History]]</h2><ol class="stack">{{#CHANGE}}<li><b>{{WHAT}}</b> <span class="muted">{{AT}}</span></li>{{/CHANGE}}</ol></section>
{{#MAY_CANCEL}}<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-secondary" type="submit" name="action" value="cancel">[[Cancel this order]]</button></form>{{/MAY_CANCEL}}
{{#INVOICE}}<p><a class="button is-secondary" href="{{INVOICE_HREF}}" data-test="invoice">[[Invoice]]</a></p>{{/INVOICE}}
