-- PostgreSQL：两张表只许插入。

CREATE FUNCTION score_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER score_entry_insert_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON score_entry
    FOR EACH STATEMENT EXECUTE FUNCTION score_insert_only();
CREATE TRIGGER score_batch_insert_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON score_batch
    FOR EACH STATEMENT EXECUTE FUNCTION score_insert_only();
