-- SQLite：两张表只许插入；replace 的两个挡住 INSERT OR REPLACE，它会绕过删除的触发器。

CREATE TRIGGER score_entry_update BEFORE UPDATE ON score_entry
BEGIN SELECT RAISE(ABORT, 'score_entry is insert-only'); END;
CREATE TRIGGER score_entry_delete BEFORE DELETE ON score_entry
BEGIN SELECT RAISE(ABORT, 'score_entry is insert-only'); END;
CREATE TRIGGER score_entry_replace BEFORE INSERT ON score_entry
WHEN EXISTS (SELECT 1 FROM score_entry WHERE hall_id = NEW.hall_id
    AND (entry_id = NEW.entry_id OR (cause = NEW.cause AND revision = NEW.revision)))
BEGIN SELECT RAISE(ABORT, 'score_entry has this entry'); END;
CREATE TRIGGER score_batch_update BEFORE UPDATE ON score_batch
BEGIN SELECT RAISE(ABORT, 'score_batch is insert-only'); END;
CREATE TRIGGER score_batch_delete BEFORE DELETE ON score_batch
BEGIN SELECT RAISE(ABORT, 'score_batch is insert-only'); END;
CREATE TRIGGER score_batch_replace BEFORE INSERT ON score_batch
WHEN EXISTS (SELECT 1 FROM score_batch WHERE hall_id = NEW.hall_id AND batch_key = NEW.batch_key)
BEGIN SELECT RAISE(ABORT, 'score_batch has this batch'); END;
