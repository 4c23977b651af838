{{%AUTOESCAPE context="HTML"}}
{{! Kept by the service worker and shown when there is no network. Scripts list the pages that are at hand.}}
<section class="fault" data-test="offline">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#zap"></use></svg>
<h1>[[You are offline]]</h1>
<p class="fault-text">[[This page needs a connection. As soon as you have one again, try once more.]]</p>
<p class="fault-act"><a class="button" href="" data-retry><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#rotate-cw"></use></svg><span>[[Try again]]</span></a> <a class="button is-quiet" href="{{HOME_HREF}}">[[Home]]</a></p>
<section class="offline-seen" data-seen hidden aria-labelledby="offline-seen">
<h2 id="offline-seen">[[You can still read these]]</h2>
<ul class="link-list"></ul>
</section>
</section>
