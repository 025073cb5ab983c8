-- The roles of the awkward database; harmless where they exist.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'awkward_owner') THEN
        CREATE ROLE awkward_owner LOGIN PASSWORD 'owner; ''secret';
        CREATE ROLE awkward_reader NOLOGIN CONNECTION LIMIT 5;
        CREATE ROLE "Awk ""role" LOGIN CREATEDB VALID UNTIL '2099-01-01 00:00:00+00' PASSWORD 'x';
        CREATE ROLE awkward_member LOGIN NOINHERIT;
        ALTER ROLE "Awk ""role" SET search_path TO "$user", public;
        COMMENT ON ROLE awkward_owner IS E'owns;\nthings';
        GRANT awkward_owner TO awkward_member WITH ADMIN OPTION;
        GRANT pg_read_all_data TO awkward_reader;
    END IF;
END $$;
