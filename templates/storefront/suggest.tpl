{{%AUTOESCAPE context="HTML"}}
{{! Suggestions below the search box, put there by combobox.js, which also says the count aloud.}}
<p class="vh" data-said>{{COUNT_TEXT}}</p>
{{#SOME}}
<ul class="suggest" id="q-list" role="listbox" aria-label="[[Suggestions]]">
{{#WORD}}<li class="suggest-row" role="option" id="q-{{ID}}" aria-selected="false" data-href="{{HREF}}" data-value="{{TEXT}}"><svg class="icon icon-s muted" aria-hidden="true"><use href="{{ICONS}}#search"></use></svg><span dir="auto">{{TEXT}}</span></li>{{/WORD}}
{{#SCOPE}}<li class="suggest-row" role="option" id="q-{{ID}}" aria-selected="false" data-href="{{HREF}}" data-value="{{TEXT}}"><svg class="icon icon-s muted" aria-hidden="true"><use href="{{ICONS}}#layout-grid"></use></svg><span dir="auto">{{TEXT}}</span><span class="muted" dir="auto">{{NAME}}</span></li>{{/SCOPE}}
{{#PRODUCT}}<li class="suggest-row" role="option" id="q-{{ID}}" aria-selected="false" data-href="{{HREF}}" data-value="{{NAME}}"><span class="suggest-media">{{>PICTURE}}{{#NO_IMAGE}}<svg class="icon muted" aria-hidden="true"><use href="{{ICONS}}#tag"></use></svg>{{/NO_IMAGE}}</span><span dir="auto">{{NAME}}</span><bdi class="suggest-price">{{PRICE}}</bdi></li>{{/PRODUCT}}
</ul>
{{/SOME}}
