-- Tables of Nextcloud 28 as its installer makes them on MariaDB; their secondary keys stand in mariadb-keys.sql.
CREATE TABLE oc_mimetypes (
  id bigint(20) NOT NULL AUTO_INCREMENT,
  mimetype varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_storages (
  numeric_id bigint(20) NOT NULL AUTO_INCREMENT,
  id varchar(64) DEFAULT NULL,
  available int(11) NOT NULL DEFAULT 1,
  last_checked int(11) DEFAULT NULL,
  PRIMARY KEY (numeric_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_users (
  uid varchar(64) NOT NULL DEFAULT '',
  displayname varchar(64) DEFAULT NULL,
  password varchar(255) NOT NULL DEFAULT '',
  uid_lower varchar(64) DEFAULT '',
  PRIMARY KEY (uid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_preferences (
  userid varchar(64) NOT NULL DEFAULT '',
  appid varchar(32) NOT NULL DEFAULT '',
  configkey varchar(64) NOT NULL DEFAULT '',
  configvalue longtext DEFAULT NULL,
  PRIMARY KEY (userid, appid, configkey)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_filecache (
  fileid bigint(20) NOT NULL AUTO_INCREMENT,
  storage bigint(20) NOT NULL DEFAULT 0,
  path varchar(4000) DEFAULT NULL,
  path_hash varchar(32) NOT NULL DEFAULT '',
  parent bigint(20) NOT NULL DEFAULT 0,
  name varchar(250) DEFAULT NULL,
  mimetype bigint(20) NOT NULL DEFAULT 0,
  mimepart bigint(20) NOT NULL DEFAULT 0,
  size bigint(20) NOT NULL DEFAULT 0,
  mtime bigint(20) NOT NULL DEFAULT 0,
  storage_mtime bigint(20) NOT NULL DEFAULT 0,
  encrypted int(11) NOT NULL DEFAULT 0,
  unencrypted_size bigint(20) NOT NULL DEFAULT 0,
  etag varchar(40) DEFAULT NULL,
  permissions int(11) DEFAULT 0,
  checksum varchar(255) DEFAULT NULL,
  PRIMARY KEY (fileid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_share (
  id bigint(20) NOT NULL AUTO_INCREMENT,
  share_type smallint(6) NOT NULL DEFAULT 0,
  share_with varchar(255) DEFAULT NULL,
  uid_owner varchar(64) NOT NULL DEFAULT '',
  uid_initiator varchar(64) DEFAULT NULL,
  item_type varchar(64) NOT NULL DEFAULT '',
  file_source bigint(20) DEFAULT NULL,
  file_target varchar(512) DEFAULT NULL,
  permissions smallint(6) NOT NULL DEFAULT 0,
  stime bigint(20) NOT NULL DEFAULT 0,
  expiration datetime DEFAULT NULL,
  token varchar(32) DEFAULT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_activity (
  activity_id bigint(20) NOT NULL AUTO_INCREMENT,
  timestamp int(11) NOT NULL DEFAULT 0,
  priority int(11) NOT NULL DEFAULT 0,
  type varchar(255) DEFAULT NULL,
  user varchar(64) DEFAULT NULL,
  affecteduser varchar(64) NOT NULL,
  app varchar(32) NOT NULL,
  subject varchar(255) NOT NULL,
  subjectparams longtext NOT NULL,
  message varchar(255) DEFAULT NULL,
  messageparams longtext DEFAULT NULL,
  file varchar(4000) DEFAULT NULL,
  link varchar(4000) DEFAULT NULL,
  object_type varchar(255) DEFAULT NULL,
  object_id bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (activity_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_calendars (
  id bigint(20) NOT NULL AUTO_INCREMENT,
  principaluri varchar(255) DEFAULT NULL,
  displayname varchar(255) DEFAULT NULL,
  uri varchar(255) DEFAULT NULL,
  synctoken int(10) unsigned NOT NULL DEFAULT 1,
  calendarcolor varchar(255) DEFAULT NULL,
  components varchar(64) DEFAULT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_calendarobjects (
  id bigint(20) NOT NULL AUTO_INCREMENT,
  calendardata longblob DEFAULT NULL,
  uri varchar(255) DEFAULT NULL,
  calendarid bigint(20) unsigned NOT NULL,
  lastmodified int(10) unsigned DEFAULT NULL,
  etag varchar(32) DEFAULT NULL,
  size bigint(20) unsigned NOT NULL,
  componenttype varchar(8) DEFAULT NULL,
  firstoccurence bigint(20) unsigned DEFAULT NULL,
  lastoccurence bigint(20) unsigned DEFAULT NULL,
  uid varchar(255) DEFAULT NULL,
  calendartype int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_cards (
  id bigint(20) NOT NULL AUTO_INCREMENT,
  addressbookid bigint(20) NOT NULL DEFAULT 0,
  carddata longblob DEFAULT NULL,
  uri varchar(255) DEFAULT NULL,
  lastmodified bigint(20) unsigned DEFAULT NULL,
  etag varchar(32) DEFAULT NULL,
  size bigint(20) unsigned NOT NULL,
  uid varchar(255) DEFAULT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
CREATE TABLE oc_comments (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  parent_id bigint(20) unsigned NOT NULL DEFAULT 0,
  topmost_parent_id bigint(20) unsigned NOT NULL DEFAULT 0,
  children_count int(10) unsigned NOT NULL DEFAULT 0,
  actor_type varchar(64) NOT NULL DEFAULT '',
  actor_id varchar(64) NOT NULL DEFAULT '',
  message longtext DEFAULT NULL,
  verb varchar(64) DEFAULT NULL,
  creation_timestamp datetime DEFAULT NULL,
  object_type varchar(64) NOT NULL DEFAULT '',
  object_id varchar(64) NOT NULL DEFAULT '',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;
