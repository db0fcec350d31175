-- 接收端的表。SQLite 与 PostgreSQL 都可直接执行；只增不改的触发器两种数据库写法不同，
-- 见 insert_only.sqlite.sql 与 insert_only.postgresql.sql，建表之后执行其一。
-- 分值存两份：points 是送来的文字，thousandths 是它的一千倍（整数），合计用后者，没有误差。

CREATE TABLE score_entry (
    hall_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    booked_on DATE NOT NULL,
    cause TEXT NOT NULL,
    revision INTEGER NOT NULL,
    account_type TEXT NOT NULL,
    account_id TEXT NOT NULL,
    category TEXT NOT NULL,
    period TEXT NOT NULL,
    points TEXT NOT NULL,
    thousandths BIGINT NOT NULL,
    rule TEXT NOT NULL,
    article TEXT NOT NULL,
    value_date DATE NOT NULL,
    reverses TEXT NOT NULL,
    PRIMARY KEY (hall_id, entry_id),
    UNIQUE (hall_id, cause, revision),
    CHECK (account_type IN ('person', 'window')),
    CHECK (revision > 0),
    CHECK ((revision % 2 = 0) = (reverses <> ''))
);

CREATE TABLE score_batch (
    hall_id TEXT NOT NULL,
    batch_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    entries INTEGER NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (hall_id, batch_key)
);

CREATE INDEX score_entry_by_account
    ON score_entry (hall_id, period, account_type, account_id, category);

-- 各账户的合计（千分之一分），尚未按上限截断：得分 = 满分 + max(-上限, 合计)。
CREATE VIEW score_sum AS
    SELECT hall_id, period, account_type, account_id, category, SUM(thousandths) AS thousandths
    FROM score_entry
    GROUP BY hall_id, period, account_type, account_id, category;
