{{%AUTOESCAPE context="HTML"}}
{{! One order of a customer: where it is, what it holds, what was paid, and what can still be done.}}
<div class="account">
{{>MENU}}
<div class="account-main">
<div><h1>[[Order]] <bdi dir="ltr" data-test="number">{{NUMBER}}</bdi></h1>
<p><span class="badge" data-test="state">{{STATE}}</span> <span class="muted">{{PLACED_AT}}</span></p></div>
{{#PROMISE}}<p><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#truck"></use></svg> [[Arrives]] <b>{{DAYS}}</b></p>{{/PROMISE}}
{{#PARCEL}}<section class="stack" data-test="parcel"><h2>[[Parcel]]</h2><p><span dir="auto">{{CARRIER}}</span> {{#TRACKED}}<a href="{{HREF}}" rel="noopener nofollow"><bdi dir="ltr">{{TRACKING}}</bdi></a>{{/TRACKED}}{{#NUMBERED}}<bdi dir="ltr">{{TRACKING}}</bdi>{{/NUMBERED}} · [[sent]] {{SENT_AT}}{{#DELIVERED}} · [[delivered]] {{DELIVERED_AT}}{{/DELIVERED}}</p></section>{{/PARCEL}}
<section class="stack" aria-labelledby="lines-head"><h2 id="lines-head">[[What you ordered]]</h2>
<dl class="specs">{{#LINE}}<div><dt><bdi>{{QUANTITY}}</bdi> × <span dir="auto">{{NAME}}</span>{{#OPTIONS_SET}} <span class="muted" dir="auto">{{OPTIONS}}</span>{{/OPTIONS_SET}}{{#NOTE}} <span class="muted">({{NOTE_TEXT}})</span>{{/NOTE}}</dt><dd><bdi>{{AMOUNT}}</bdi></dd></div>{{/LINE}}{{#SUM}}<div><dt dir="auto">{{LABEL}}</dt><dd><bdi>{{AMOUNT}}</bdi></dd></div>{{/SUM}}<div><dt><b>[[Total]]</b></dt><dd><b data-test="total"><bdi>{{TOTAL}}</bdi></b></dd></div></dl>
{{#TAX_NOTE}}<p class="muted">{{TAX_TEXT}}</p>{{/TAX_NOTE}}</section>
<section class="stack" aria-labelledby="payment-head"><h2 id="payment-head">[[Payment]]</h2>
<p><span dir="auto">{{METHOD}}</span> · <span data-test="payment">{{PAYMENT}}</span></p>
{{#DUE}}<p>[[Still to pay]]: <b><bdi>{{AMOUNT}}</bdi></b></p>{{/DUE}}
{{#BACK}}<p>[[Given back]]: <b><bdi>{{AMOUNT}}</bdi></b></p>{{/BACK}}</section>
{{#PAPERS}}<section class="stack" aria-labelledby="papers-head"><h2 id="papers-head">[[Documents]]</h2><ul class="stack">{{#PAPER}}<li><a href="{{HREF}}" data-test="paper">{{LABEL}} <bdi dir="ltr">{{NUMBER}}</bdi></a> <span class="muted">{{AT}}</span></li>{{/PAPER}}</ul></section>{{/PAPERS}}
{{#ADDRESS}}<section class="stack"><h2>{{LABEL}}</h2><p>{{#PLACE}}<span dir="auto">{{TEXT}}</span><br>{{/PLACE}}</p></section>{{/ADDRESS}}
<section class="stack" aria-labelledby="history-head"><h2 id="history-head">[[History]]</h2><ol class="stack">{{#CHANGE}}<li><b>{{WHAT}}</b> <span class="muted">{{AT}}</span></li>{{/CHANGE}}</ol></section>
<div class="account-acts">
<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-secondary" type="submit" name="action" value="again" data-test="again">[[Buy it again]]</button></form>
{{#MAY_CANCEL}}<form method="post" action="{{ACTION}}">{{CSRF_FIELD:none}}<button class="button is-secondary" type="submit" name="action" value="cancel" data-test="cancel">[[Cancel this order]]</button></form>{{/MAY_CANCEL}}
</div>
</div>
</div>
