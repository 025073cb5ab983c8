-- Tables of Nextcloud 28 as its installer makes them on PostgreSQL; their keys stand in postgresql-keys.sql.
CREATE TABLE oc_mimetypes (
  id bigserial NOT NULL,
  mimetype character varying(255) NOT NULL DEFAULT ''
);
CREATE TABLE oc_storages (
  numeric_id bigserial NOT NULL,
  id character varying(64) DEFAULT NULL,
  available integer NOT NULL DEFAULT 1,
  last_checked integer DEFAULT NULL
);
CREATE TABLE oc_users (
  uid character varying(64) NOT NULL DEFAULT '',
  displayname character varying(64) DEFAULT NULL,
  password character varying(255) NOT NULL DEFAULT '',
  uid_lower character varying(64) DEFAULT ''
);
CREATE TABLE oc_preferences (
  userid character varying(64) NOT NULL DEFAULT '',
  appid character varying(32) NOT NULL DEFAULT '',
  configkey character varying(64) NOT NULL DEFAULT '',
  configvalue text DEFAULT NULL
);
CREATE TABLE oc_filecache (
  fileid bigserial NOT NULL,
  storage bigint NOT NULL DEFAULT 0,
  path character varying(4000) DEFAULT NULL,
  path_hash character varying(32) NOT NULL DEFAULT '',
  parent bigint NOT NULL DEFAULT 0,
  name character varying(250) DEFAULT NULL,
  mimetype bigint NOT NULL DEFAULT 0,
  mimepart bigint NOT NULL DEFAULT 0,
  size bigint NOT NULL DEFAULT 0,
  mtime bigint NOT NULL DEFAULT 0,
  storage_mtime bigint NOT NULL DEFAULT 0,
  encrypted integer NOT NULL DEFAULT 0,
  unencrypted_size bigint NOT NULL DEFAULT 0,
  etag character varying(40) DEFAULT NULL,
  permissions integer DEFAULT 0,
  checksum character varying(255) DEFAULT NULL
);
CREATE TABLE oc_share (
  id bigserial NOT NULL,
  share_type smallint NOT NULL DEFAULT 0,
  share_with character varying(255) DEFAULT NULL,
  uid_owner character varying(64) NOT NULL DEFAULT '',
  uid_initiator character varying(64) DEFAULT NULL,
  item_type character varying(64) NOT NULL DEFAULT '',
  file_source bigint DEFAULT NULL,
  file_target character varying(512) DEFAULT NULL,
  permissions smallint NOT NULL DEFAULT 0,
  stime bigint NOT NULL DEFAULT 0,
  expiration timestamp(0) without time zone DEFAULT NULL,
  token character varying(32) DEFAULT NULL
);
CREATE TABLE oc_activity (
  activity_id bigserial NOT NULL,
  timestamp integer NOT NULL DEFAULT 0,
  priority integer NOT NULL DEFAULT 0,
  type character varying(255) DEFAULT NULL,
  "user" character varying(64) DEFAULT NULL,
  affecteduser character varying(64) NOT NULL,
  app character varying(32) NOT NULL,
  subject character varying(255) NOT NULL,
  subjectparams text NOT NULL,
  message character varying(255) DEFAULT NULL,
  messageparams text DEFAULT NULL,
  file character varying(4000) DEFAULT NULL,
  link character varying(4000) DEFAULT NULL,
  object_type character varying(255) DEFAULT NULL,
  object_id bigint NOT NULL DEFAULT 0
);
CREATE TABLE oc_calendars (
  id bigserial NOT NULL,
  principaluri character varying(255) DEFAULT NULL,
  displayname character varying(255) DEFAULT NULL,
  uri character varying(255) DEFAULT NULL,
  synctoken integer NOT NULL DEFAULT 1,
  calendarcolor character varying(255) DEFAULT NULL,
  components character varying(64) DEFAULT NULL
);
CREATE TABLE oc_calendarobjects (
  id bigserial NOT NULL,
  calendardata bytea DEFAULT NULL,
  uri character varying(255) DEFAULT NULL,
  calendarid bigint NOT NULL,
  lastmodified integer DEFAULT NULL,
  etag character varying(32) DEFAULT NULL,
  size bigint NOT NULL,
  componenttype character varying(8) DEFAULT NULL,
  firstoccurence bigint DEFAULT NULL,
  lastoccurence bigint DEFAULT NULL,
  uid character varying(255) DEFAULT NULL,
  calendartype integer NOT NULL DEFAULT 0
);
CREATE TABLE oc_cards (
  id bigserial NOT NULL,
  addressbookid bigint NOT NULL DEFAULT 0,
  carddata bytea DEFAULT NULL,
  uri character varying(255) DEFAULT NULL,
  lastmodified bigint DEFAULT NULL,
  etag character varying(32) DEFAULT NULL,
  size bigint NOT NULL,
  uid character varying(255) DEFAULT NULL
);
CREATE TABLE oc_comments (
  id bigserial NOT NULL,
  parent_id bigint NOT NULL DEFAULT 0,
  topmost_parent_id bigint NOT NULL DEFAULT 0,
  children_count integer NOT NULL DEFAULT 0,
  actor_type character varying(64) NOT NULL DEFAULT '',
  actor_id character varying(64) NOT NULL DEFAULT '',
  message text DEFAULT NULL,
  verb character varying(64) DEFAULT NULL,
  creation_timestamp timestamp(0) without time zone DEFAULT NULL,
  object_type character varying(64) NOT NULL DEFAULT '',
  object_id character varying(64) NOT NULL DEFAULT ''
);
