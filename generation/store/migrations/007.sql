-- Until now "none" left the weather to the words; that is "auto", and "none" is none.
UPDATE jobs SET request = json_set(request, '$.effect', 'auto')
WHERE request ->> '$.effect' = 'none';
