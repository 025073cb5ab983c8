-- Loaded into an empty database; everything a dump must carry unharmed.
SET NAMES utf8mb4;
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
SET time_zone = '+02:00';

CREATE TABLE `text and nothing` (
  `id` int NOT NULL PRIMARY KEY,
  `value` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) COMMENT 'a comment;\nof two lines with `quotes`, ''quotes'' and "quotes" \\ -- and more';
INSERT INTO `text and nothing` VALUES
  (1, NULL), (2, 'NULL'), (3, ''), (4, '\N'), (5, '\t\n\r\\\'"`\0\Z'), (6, 'it''s "x" `y`; -- # /* */'),
  (7, '😀 𝒳 Grüße 漢字'), (8, '),('), (9, ');\n-- Dump completed on 2020-01-01\n'), (10, '\\'), (11, '\\''');

CREATE TABLE `bytes` (`id` int PRIMARY KEY, `blob` longblob, `fixed` binary(4), `var` varbinary(600), `bit` bit(13), `bit1` bit(1));
INSERT INTO `bytes`
  SELECT seq, UNHEX(CONCAT(LPAD(HEX(seq), 2, '0'), REPEAT(LPAD(HEX(seq), 2, '0'), seq))), LEFT(CHAR(seq USING binary), 4),
         CHAR(255 - seq USING binary), seq * 31, seq % 2 FROM seq_0_to_255;
INSERT INTO `bytes` VALUES (1000, '', '', '', b'0', b'1'), (1001, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE `empty` (`id` int AUTO_INCREMENT PRIMARY KEY, `x` int) AUTO_INCREMENT = 4711;
CREATE TABLE `Upper Case` (`Select` int PRIMARY KEY, `GROUP` int, `a ``b"c'd` varchar(20), `новый` int, `x;y` int);
INSERT INTO `Upper Case` VALUES (1, 2, 'x', 3, 4);
CREATE TABLE `upper case` (`select` int);
CREATE TABLE `order` (`by` int, KEY `limit` (`by`));
INSERT INTO `order` VALUES (1), (1), (2);
CREATE TABLE `quote``d "name" 'x'` (`ta	b` int, `back\slash` int);
INSERT INTO `quote``d "name" 'x'` VALUES (1, 2);
CREATE TABLE `line
-- break; INSERT` (`new
line` int COMMENT 'first\nsecond');
INSERT INTO `line
-- break; INSERT` VALUES (1), (2);

CREATE TABLE `parent` (`id` int PRIMARY KEY, `favourite` int, `self` int);
CREATE TABLE `child` (`id` int PRIMARY KEY, `parent` int NOT NULL,
  CONSTRAINT `child_parent` FOREIGN KEY (`parent`) REFERENCES `parent` (`id`) ON DELETE CASCADE);
ALTER TABLE `parent`
  ADD CONSTRAINT `parent_child` FOREIGN KEY (`favourite`) REFERENCES `child` (`id`) ON DELETE SET NULL,
  ADD CONSTRAINT `parent_self` FOREIGN KEY (`self`) REFERENCES `parent` (`id`);
SET foreign_key_checks = 0;
INSERT INTO `parent` VALUES (1, 10, 1), (2, 20, 1);
INSERT INTO `child` VALUES (10, 1), (20, 2);
SET foreign_key_checks = 1;

CREATE TABLE `generated` (
  `id` int AUTO_INCREMENT PRIMARY KEY,
  `a` int NOT NULL CHECK (`a` > -100),
  `doubled` int GENERATED ALWAYS AS (`a` * 2) VIRTUAL,
  `text` varchar(40) GENERATED ALWAYS AS (CONCAT('a;''\n', `a`)) STORED,
  `hidden` int INVISIBLE DEFAULT 7,
  UNIQUE KEY `by_doubled` (`doubled`),
  CONSTRAINT `even` CHECK (`a` <> 13)
) AUTO_INCREMENT = 100;
INSERT INTO `generated` (`a`, `hidden`) VALUES (1, 5), (2, NULL), (3, 9);
INSERT INTO `generated` (`id`, `a`) VALUES (0, 50);

CREATE SEQUENCE `numbers` START WITH 15 INCREMENT BY 5 CACHE 10 MAXVALUE 100000 CYCLE;
DO NEXTVAL(`numbers`);
CREATE SEQUENCE `seq ``quoted` MINVALUE -5 MAXVALUE 5 NOCACHE;
CREATE TABLE `numbered` (`id` bigint NOT NULL DEFAULT NEXTVAL(`numbers`) PRIMARY KEY,
  `other` varchar(60) DEFAULT CONCAT('nextval(`numbers`)', NEXTVAL(`seq ``quoted`)));
INSERT INTO `numbered` (`id`) VALUES (DEFAULT), (DEFAULT);

CREATE TABLE `types` (
  `j` json, `e` enum('a','b;c','it''s','x\ny'), `s` set('p','q','r s'), `dt` datetime(6), `ts` timestamp(3) NOT NULL DEFAULT '2001-01-01 00:00:00',
  `d` date, `t` time(2), `y` year, `dec` decimal(65,30), `f` float, `db` double, `u` bigint unsigned, `i6` inet6, `uu` uuid, `lat` varchar(20) CHARACTER SET latin1
);
INSERT INTO `types` VALUES
  ('{"k":"\\"v\\"","n":null,"e":"\\ud83d\\ude00"}', 'it''s', 'p,r s', '2024-02-29 23:59:59.999999', '2024-03-31 02:30:00.123', '0000-00-00', '-838:59:59.99', 2155,
   12345678901234567890123456789012345.123456789012345678901234567890, 1.17549e-38, 2.2250738585072014e-308, 18446744073709551615, '::1', '123e4567-e89b-12d3-a456-426655440000', 'äöüß'),
  (NULL, '', '', '0000-00-00 00:00:00.000000', '1970-01-01 02:00:01.000', '2024-00-15', '-00:00:01', 1901, -0.5, -1.5, 0.1, 0, NULL, NULL, NULL);

CREATE TABLE `parts` (`id` int NOT NULL, `at` date NOT NULL, PRIMARY KEY (`id`, `at`))
  PARTITION BY RANGE (YEAR(`at`)) SUBPARTITION BY HASH (`id`) SUBPARTITIONS 2
  (PARTITION `old` VALUES LESS THAN (2000) COMMENT = 'before;\n2000', PARTITION `new one` VALUES LESS THAN MAXVALUE);
INSERT INTO `parts` VALUES (1, '1999-01-01'), (2, '2001-01-01'), (3, '2020-01-01');

CREATE TABLE `searched` (`id` int PRIMARY KEY, `a` text, `b` varchar(100), `at` point NOT NULL, `long` text,
  FULLTEXT KEY `words` (`a`), FULLTEXT KEY `both` (`a`, `b`), SPATIAL KEY `place` (`at`),
  UNIQUE KEY `hashed` (`long`) USING HASH, KEY `part` (`b`(10) DESC) COMMENT 'x;y') ENGINE = InnoDB;
INSERT INTO `searched` VALUES (1, 'the quick brown fox', 'jumps', POINT(1.5, -2), 'one'), (2, NULL, NULL, POINT(0, 0), 'two');

CREATE TABLE `versioned` (`id` int PRIMARY KEY, `v` varchar(20)) WITH SYSTEM VERSIONING;
INSERT INTO `versioned` VALUES (1, 'first'), (2, 'x');
UPDATE `versioned` SET `v` = 'second' WHERE `id` = 1;
DELETE FROM `versioned` WHERE `id` = 2;
CREATE TABLE `period` (`id` int, `f` date, `u` date, PERIOD FOR `p` (`f`, `u`), UNIQUE (`id`, `p` WITHOUT OVERLAPS));
INSERT INTO `period` VALUES (1, '2000-01-01', '2001-01-01');
CREATE TABLE `log` (`id` int AUTO_INCREMENT PRIMARY KEY, `what` text);

CREATE VIEW `a view of views` AS SELECT 1 AS `x`;
CREATE VIEW `base view` AS SELECT `id`, `value`, NEXTVAL(`numbers`) AS `n` FROM `text and nothing`;
CREATE OR REPLACE VIEW `a view of views` AS SELECT `id`, CONCAT('`base view`;', `value`) AS `v;w` FROM `base view` WHERE `id` > 0 WITH CHECK OPTION;

DELIMITER //
CREATE FUNCTION `twice``d`(n int) RETURNS int DETERMINISTIC COMMENT 'doubles; it''s
two lines'
BEGIN
-- Dumping data for table `parent`
/* it's; */ # don't
  RETURN n * 2; -- Table structure for table `x`
END//
CREATE PROCEDURE `look alike`(IN a int, OUT b text)
BEGIN
--
-- Dumping routines for database 'x'
--
-- Dump completed on 2020-01-01  0:00:00
/*
DELIMITER ;
*/
  SET b = '
DELIMITER ;
INSERT INTO `parent` VALUES (1);
-- Dump completed on 2020-01-01  0:00:00
';
/*!40101 SET @x = ';;' */;
  IF a > 0 THEN INSERT INTO `log` (`what`) VALUES ('called'); END IF;
END//
SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'//
CREATE PROCEDURE "no escapes"() BEGIN SELECT '\' AS "a\", ';'; SELECT ''''; END//
SET sql_mode = 'ORACLE'//
CREATE PACKAGE `pack` AS FUNCTION one RETURN int; END//
CREATE PACKAGE BODY `pack` AS FUNCTION one RETURN int AS BEGIN RETURN 1; END; END//
SET sql_mode = ''//
CREATE TRIGGER `second` BEFORE INSERT ON `order` FOR EACH ROW BEGIN
-- Dumping data for table `order`
SET NEW.`by` = NEW.`by` + 1; /* it's ;; */ END//
CREATE TRIGGER `first` BEFORE INSERT ON `order` FOR EACH ROW PRECEDES `second` SET NEW.`by` = NEW.`by` * 10//
CREATE TRIGGER `after ``x` AFTER DELETE ON `order` FOR EACH ROW INSERT INTO `log` (`what`) VALUES (CONCAT('gone; ', OLD.`by`))//
CREATE EVENT `every ``day` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' COMMENT 'x;''' DO BEGIN
DELETE FROM `log` WHERE `id` < 0; -- don't
END//
CREATE EVENT `asleep` ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' DISABLE DO SELECT 1//
DELIMITER ;
