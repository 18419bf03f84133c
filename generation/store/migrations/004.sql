-- Why a job failed is a reason and facts, said in the language of whoever reads it.
ALTER TABLE jobs ADD COLUMN error_reason TEXT;
ALTER TABLE jobs ADD COLUMN error_facts TEXT NOT NULL DEFAULT '{}';

-- What was written as whole sentences until now is shown as it was written.
UPDATE jobs SET error_reason = 'plain', error_facts = json_object('text', error_message)
WHERE error_message IS NOT NULL;

UPDATE jobs SET
    notes = (
        SELECT json_group_array(
            json_object('code', 'plain', 'facts', json_object('text', note.value)))
        FROM json_each(jobs.notes) AS note),
    request = json_set(request, '$.notes', json((
        SELECT json_group_array(
            json_object('code', 'plain', 'facts', json_object('text', note.value)))
        FROM json_each(jobs.request, '$.notes') AS note)));
