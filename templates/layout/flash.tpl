{{%AUTOESCAPE context="HTML"}}
{{! A message of the last action. Stays until the next page; news are announced, errors are not hidden.}}
{{#FLASH}}
<div class="flash {{#FLASH_OK}}is-ok{{/FLASH_OK}}{{#FLASH_INFO}}is-info{{/FLASH_INFO}}{{#FLASH_WARN}}is-warn{{/FLASH_WARN}}{{#FLASH_BAD}}is-bad{{/FLASH_BAD}}" role="status" data-test="flash">
{{#FLASH_OK}}<svg class="icon" aria-hidden="true"><use href="{{ICONS}}#circle-check"></use></svg><b class="vh">[[Done]]: </b>{{/FLASH_OK}}
{{#FLASH_INFO}}<svg class="icon" aria-hidden="true"><use href="{{ICONS}}#info"></use></svg><b class="vh">[[Note]]: </b>{{/FLASH_INFO}}
{{#FLASH_WARN}}<svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><b class="vh">[[Warning]]: </b>{{/FLASH_WARN}}
{{#FLASH_BAD}}<svg class="icon" aria-hidden="true"><use href="{{ICONS}}#circle-x"></use></svg><b class="vh">[[Error]]: </b>{{/FLASH_BAD}}
<p dir="auto">{{TEXT}}</p>
</div>
{{/FLASH}}
