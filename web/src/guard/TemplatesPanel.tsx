import { Badge, Group, Text } from "@mantine/core";
import { useFormat } from "../i18n/useFormat";
import { useTitle, useWords } from "../i18n/useWords";
import { Empty } from "../ui/Empty";
import { Panel } from "../ui/Panel";
import type { TemplateMarks, TopicTitle } from "./types";

interface TemplatesPanelProps {
  templates: TemplateMarks[];
  topics: TopicTitle[];
}

/** What every template is about and worth: by that the better message wins. */
export function TemplatesPanel({ templates, topics }: TemplatesPanelProps) {
  const words = useWords().guard.limits;
  return (
    <Panel help={words.templatesHelp} title={words.templates}>
      {templates.length === 0 ? (
        <Empty help={words.templatesEmptyHelp} icon="mailbox" title={words.templatesEmpty} />
      ) : null}
      <ul aria-label={words.templates} className="guard-rows" hidden={templates.length === 0}>
        {templates.map((template) => (
          <OneTemplate
            key={`${template.name} ${template.channel}`}
            template={template}
            topics={topics}
          />
        ))}
      </ul>
    </Panel>
  );
}

interface OneTemplateProps {
  template: TemplateMarks;
  topics: TopicTitle[];
}

function OneTemplate({ template, topics }: OneTemplateProps) {
  const words = useWords();
  const format = useFormat();
  const title = useTitle();
  const about = topics.find((one) => one.name === template.topic);
  const { limits } = words.guard;
  return (
    <li>
      <div>
        <Text fw={600}>{template.name}</Text>
        <Text className="soft" fz="sm">
          {words.customer.channel[template.channel]} · {words.customer.purpose[template.purpose]}
          {about ? ` · ${limits.topic} ${title(about)}` : null}
        </Text>
      </div>
      <Group gap={6} justify="flex-end">
        {Number(template.expected_value) === 0 ? null : (
          <Badge color="honey" radius="sm" variant="light">
            {limits.value} {format.money(template.expected_value, null)}
          </Badge>
        )}
        {template.last_chance ? (
          <Badge color="stone" radius="sm" variant="light">
            {limits.marks.last_chance}
          </Badge>
        ) : null}
        {template.similar_goods ? (
          <Badge color="stone" radius="sm" variant="light">
            {limits.marks.similar_goods}
          </Badge>
        ) : null}
      </Group>
    </li>
  );
}
