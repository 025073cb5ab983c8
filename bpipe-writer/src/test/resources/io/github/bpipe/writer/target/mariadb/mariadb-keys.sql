SET NAMES utf8mb4;
CREATE TABLE plain (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL, b varchar(300), c int,
  KEY by_b (b(20) DESC, a) COMMENT 'x;y, KEY `z` (`q`)', UNIQUE KEY by_a (a), KEY ignored (c) IGNORED,
  KEY tree (c, a) USING BTREE KEY_BLOCK_SIZE = 4, UNIQUE KEY by_c (c), KEY `odd ``name``, (x)` (b)) COMMENT 'ENGINE=MyISAM';
INSERT INTO plain (a, b, c) SELECT seq, CONCAT('text ', seq), IF(seq % 3 = 0, NULL, seq) FROM seq_1_to_2000;
CREATE TABLE counted (a int NOT NULL, id int NOT NULL AUTO_INCREMENT, b int, c int,
  PRIMARY KEY (a, id), KEY by_b (b), KEY by_id (id), KEY by_c (c));
INSERT INTO counted (a, b, c) SELECT seq % 7, seq, seq FROM seq_1_to_200;
CREATE TABLE `counted first` (`ID` int NOT NULL AUTO_INCREMENT, a int, PRIMARY KEY (`id`, a), KEY by_id (id, a), KEY by_a (a));
INSERT INTO `counted first` (a) VALUES (3), (2), (1);
CREATE TABLE `no primary` (a int NOT NULL, b int NOT NULL, c int, UNIQUE KEY one (a), KEY by_c (c), UNIQUE KEY two (b));
INSERT INTO `no primary` VALUES (1, 2, 3), (2, 3, 3);
CREATE TABLE hashed (id int PRIMARY KEY, t text, u int, v int, UNIQUE KEY `long` (t) USING HASH, UNIQUE KEY u (u), UNIQUE KEY v (v), KEY k (u, v));
INSERT INTO hashed VALUES (1, 'a', 1, 1), (2, NULL, NULL, NULL), (3, NULL, NULL, NULL);
CREATE TABLE overlaps (id int, x int, f date, u date, PERIOD FOR app (f, u), PRIMARY KEY (id, app WITHOUT OVERLAPS),
  UNIQUE KEY app (x, app WITHOUT OVERLAPS), KEY later (f));
INSERT INTO overlaps VALUES (1, 1, '2000-01-01', '2001-01-01'), (1, 1, '2001-01-01', '2002-01-01');
CREATE TABLE searched (id int PRIMARY KEY, a text, b varchar(100), at point NOT NULL,
  FULLTEXT KEY words (a), FULLTEXT KEY both_of (a, b), SPATIAL KEY place (at), KEY b (b));
INSERT INTO searched VALUES (1, 'the quick brown fox', 'jumps', POINT(1.5, -2)), (2, NULL, NULL, POINT(0, 0));
CREATE TABLE `generated` (id int PRIMARY KEY, a int NOT NULL CHECK (a > -100), hidden int INVISIBLE DEFAULT 7,
  doubled int GENERATED ALWAYS AS (a * 2) VIRTUAL, txt varchar(40) GENERATED ALWAYS AS (CONCAT('a,KEY (', a)) STORED,
  UNIQUE KEY by_doubled (doubled), KEY by_txt (txt(5)), KEY by_hidden (hidden), CONSTRAINT `even, (odd` CHECK (a <> 13));
INSERT INTO `generated` (id, a) VALUES (1, 1), (2, 2);
CREATE TABLE versioned (id int PRIMARY KEY, v varchar(20), w int, UNIQUE KEY by_v (v), KEY by_w (w)) WITH SYSTEM VERSIONING;
INSERT INTO versioned VALUES (1, 'first', 1), (2, 'x', 2);
UPDATE versioned SET v = 'second' WHERE id = 1;
UPDATE versioned SET v = 'first' WHERE id = 1;
DELETE FROM versioned WHERE id = 2;
CREATE TABLE parts (id int NOT NULL, at date NOT NULL, x int, PRIMARY KEY (id, at), UNIQUE KEY by_x (x, at, id), KEY by_at (at))
  PARTITION BY RANGE (YEAR(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
  (PARTITION `old` VALUES LESS THAN (2000) COMMENT = ', KEY x (x)', PARTITION `new one` VALUES LESS THAN MAXVALUE);
INSERT INTO parts VALUES (1, '1999-01-01', 1), (2, '2001-01-01', 1), (3, '2020-01-01', NULL);
CREATE TABLE parent (id int PRIMARY KEY, code varchar(20) NOT NULL, region int NOT NULL, child int,
  UNIQUE KEY by_code (code), KEY by_region (region, code));
CREATE TABLE child (id int PRIMARY KEY, code varchar(20), region int, rcode varchar(20), self int,
  KEY by_self (self), CONSTRAINT to_code FOREIGN KEY (code) REFERENCES parent (code) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT `to, (region` FOREIGN KEY (region, rcode) REFERENCES parent (region, code),
  CONSTRAINT to_self FOREIGN KEY (self) REFERENCES child (id));
SET foreign_key_checks = 0;
INSERT INTO parent VALUES (1, 'a', 5, 10), (2, 'b', 6, NULL);
INSERT INTO child VALUES (10, 'a', 5, 'a', 10), (11, NULL, 6, 'b', 10);
ALTER TABLE parent ADD CONSTRAINT to_child FOREIGN KEY (child) REFERENCES child (id);
SET foreign_key_checks = 1;
CREATE TABLE texts (id int PRIMARY KEY, `a,KEY (` varchar(40) DEFAULT ',\nKEY `x` (`y`)', e enum('(', ')', ',', '''', '\\') COMMENT ''')',
  KEY `k` (`a,KEY (`), KEY `l` (e)) COMMENT = ') ENGINE=Aria';
INSERT INTO texts VALUES (1, 'x', '('), (2, 'y', '\\');
CREATE TABLE my (id int, a int, b int, KEY a (a), KEY b (b)) ENGINE = MyISAM;
CREATE TABLE ar (id int, a int, KEY a (a)) ENGINE = Aria;
INSERT INTO my VALUES (1, 2, 3);
INSERT INTO ar VALUES (1, 2);
